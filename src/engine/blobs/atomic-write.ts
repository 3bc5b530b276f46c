// Writes a file so that its name shows either the old or the complete new content, whatever happens in between.
//
// Guarantee: when the promise resolves, content and name are on the disk (fsync of file and folder). A kill or power
// cut before that leaves the old file, plus at most a temporary file whose name `isTempName` recognises.

import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { translateFsError } from './fs-error.ts';

export type ByteSource = Uint8Array | string | AsyncIterable<Uint8Array>;

export const TEMP_PREFIX = '.flawsmith-tmp-';

/** Whether a file name is that of an unfinished write. */
export function isTempName(name: string): boolean {
  return name.startsWith(TEMP_PREFIX);
}

/** Number of the process that made the name; null where it holds none. */
export function tempOwner(name: string): number | null {
  const pid = isTempName(name) ? /^\d+(?=-)/.exec(name.slice(TEMP_PREFIX.length)) : null;
  return pid === null ? null : Number(pid[0]);
}

/** A new name for an unfinished write in a folder. */
export function tempPathIn(folder: string): string {
  return join(folder, `${TEMP_PREFIX}${process.pid}-${randomBytes(8).toString('hex')}`);
}

/** Writes content beside the target, flushes it, and moves it into place. The target's folder must exist. */
export async function atomicWrite(target: string, content: ByteSource): Promise<void> {
  const temp = tempPathIn(dirname(target));
  try {
    await writeDurably(temp, content);
    await moveDurably(temp, target);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => {});
    throw translateFsError(error, target);
  }
}

/** Creates a file (it must not exist), writes all of the content and flushes it to the disk. */
export async function writeDurably(file: string, content: ByteSource): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) {
      await handle.writeFile(content);
    } else {
      for await (const chunk of content) await writeAll(handle, chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames a finished file and flushes the folder that now holds it. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await flushFolder(dirname(to));
}

/** Makes a folder and its missing parents, flushing each parent that got a new entry. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const topmostNew = await mkdir(folder, { recursive: true });
    if (topmostNew === undefined) return;
    for (let at = folder; at.length >= topmostNew.length; at = dirname(at)) await flushFolder(dirname(at));
  } catch (error) {
    throw translateFsError(await rootCause(error, folder), folder);
  }
}

/** On a write-protected drive a recursive mkdir says "no such folder"; the nearest folder that exists knows better. */
async function rootCause(error: unknown, folder: string): Promise<unknown> {
  if ((error as { code?: string }).code !== 'ENOENT') return error;
  let parent = dirname(folder);
  while (!existsSync(parent) && parent !== dirname(parent)) parent = dirname(parent);
  return access(parent, constants.W_OK).then(
    () => error,
    (cause) => cause,
  );
}

/** Flushes a folder's entries. Windows and some network drives cannot; there the file system orders renames itself. */
export async function flushFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch (error) {
    if (isUnsupported(error)) return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0;
  while (at < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, at, chunk.length - at);
    at += bytesWritten;
  }
}

function isUnsupported(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(code);
}
