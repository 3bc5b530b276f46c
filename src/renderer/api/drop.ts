// What was dropped onto the window: folders by their path where the host can tell it, else sent to the host file by file.

import { AppError } from '../../core/base/errors.ts';

export interface DroppedFile {
  /** Path below the drop, with '/'. */
  path: string;
  file: File;
}

/** A folder (or the loose files) of one drop. */
export interface DroppedFolder {
  name: string;
  files: DroppedFile[];
}

/** Nobody means to import more than this by dropping it. */
const MOST_FILES = 200_000;
const AT_ONCE = 4;

/** Must be called in the drop event itself: afterwards the browser forgets what was dropped. */
export function entriesOf(transfer: DataTransfer): FileSystemEntry[] {
  return [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
}

/** The dropped folders with all their files; loose files together as one folder of the name given. */
export async function readDropped(
  entries: readonly FileSystemEntry[],
  looseName: string,
  signal: AbortSignal,
): Promise<DroppedFolder[]> {
  const folders: DroppedFolder[] = [];
  const loose: DroppedFile[] = [];
  let count = 0;
  const walk = async (entry: FileSystemEntry, path: string, into: DroppedFile[]): Promise<void> => {
    signal.throwIfAborted();
    if (entry.name.startsWith('.')) return;
    if (entry.isFile) {
      if (++count > MOST_FILES) throw new AppError('usage', `more than ${MOST_FILES} files were dropped`);
      into.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
      return;
    }
    for (const child of await childrenOf(entry as FileSystemDirectoryEntry))
      await walk(child, `${path}/${child.name}`, into);
  };
  for (const entry of entries) {
    if (entry.isFile) await walk(entry, `${looseName}/${entry.name}`, loose);
    else {
      const files: DroppedFile[] = [];
      await walk(entry, entry.name, files);
      folders.push({ name: entry.name, files });
    }
  }
  if (loose.length > 0) folders.push({ name: looseName, files: loose });
  return folders;
}

/** Sent files: where they lie, which were not taken, and how they are removed. */
export interface StagedFolder {
  path: string;
  refused: string[];
  remove(): void;
}

/** Sends a folder's files; on any failure nothing is left there. */
export async function stageFolder(
  { name, files }: DroppedFolder,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<StagedFolder> {
  const begun = await fetch('/stage', { method: 'POST', signal });
  if (!begun.ok) throw new AppError('runtime', 'the files could not be brought here');
  const { id, folder } = (await begun.json()) as { id: string; folder: string };
  const remove = (): void =>
    void fetch(`/stage/${id}`, { method: 'DELETE', keepalive: true }).catch(() => {});
  const refused: string[] = [];
  let at = 0;
  let done = 0;
  const send = async (): Promise<void> => {
    while (at < files.length) {
      const { path, file } = files[at++];
      const answer = await fetch(`/stage/${id}?path=${encodeURIComponent(path)}`, {
        method: 'PUT',
        body: file,
        signal,
      });
      if (answer.status === 507)
        throw new AppError('no-space', 'the drive of the workspace is full', {
          file: path,
          hint: 'Make room, or choose the folder instead of dropping it.',
        });
      if (!answer.ok) refused.push(path);
      onProgress(++done, files.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    if (files.length === 0 || refused.length === files.length)
      throw new AppError('bad-dataset', 'nothing in it can be read', { file: name });
    return { path: `${folder}/${name}`, refused, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // The browser hands them out in portions of a hundred.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
