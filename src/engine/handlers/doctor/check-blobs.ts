// Is every file that a row points at there and unchanged, and is there a row for every file?

import { listBlobReferences } from '../../store/blob-references.ts';
import type { ReadableWorkspace, Workspace } from '../../workspace.ts';
import type { Report } from './report.ts';

/** Reads every file in use; returns how many. */
export async function checkBlobs(
  workspace: ReadableWorkspace,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
  report: Report,
): Promise<number> {
  const uses = new Map<string, string>();
  for (const { blob, what } of listBlobReferences(workspace.db)) if (!uses.has(blob)) uses.set(blob, what);
  let done = 0;
  for (const [blob, what] of uses) {
    signal.throwIfAborted();
    const condition = await workspace.blobs.verify(blob);
    if (condition !== 'ok') {
      const state = condition === 'missing' ? 'missing' : 'damaged';
      report('error', `the ${what} is ${state}`, workspace.blobs.path(blob));
    }
    progress(++done, uses.size);
  }
  return uses.size;
}

/** Files no row points at; removed where the workspace may be written. */
export async function checkOrphans(
  workspace: ReadableWorkspace,
  writable: Workspace | null,
  report: Report,
): Promise<void> {
  const used = new Set(listBlobReferences(workspace.db).map((reference) => reference.blob));
  for await (const blob of workspace.blobs.list()) {
    if (used.has(blob)) continue;
    await writable?.blobs.remove(blob);
    report('note', 'a file that nothing uses', workspace.blobs.path(blob), writable !== null);
  }
}
