// What a process that went away has left: unfinished writes, unfinished exports, runs that can go on.

import { BlobStore } from '../../blobs/blob-store.ts';
import { strayLocks } from '../../runs/workspace-lock.ts';
import { listRunsInState } from '../../store/runs.ts';
import { listUnfinishedExports } from '../../store/unfinished-exports.ts';
import type { ReadableWorkspace, Workspace } from '../../workspace.ts';
import type { Report } from './report.ts';

export async function checkLeftovers(
  workspace: ReadableWorkspace,
  writable: Workspace | null,
  report: Report,
): Promise<void> {
  // Opening for writing has already removed what it could; tell about it.
  for (let i = 0; i < (writable?.recovered.straysRemoved ?? 0); i++)
    report('note', 'an unfinished write', null, true);
  if (writable === null) {
    const strays = await new BlobStore(workspace.blobs.folder).listStrays();
    for (const file of [...strays, ...strayLocks(workspace.folder)])
      report('note', 'an unfinished write', file);
  }
  for (const { folder } of listUnfinishedExports(workspace.db))
    report('note', 'an export that is going on or was cut off', folder);
}

/** Returns the runs that were interrupted. */
export function checkRuns({ db }: ReadableWorkspace, report: Report): string[] {
  const interrupted = listRunsInState(db, 'interrupted');
  const words = {
    interrupted: 'was interrupted',
    failed: 'failed',
    paused: 'is paused',
    queued: 'was never begun',
  };
  for (const [state, what] of Object.entries(words)) {
    for (const run of listRunsInState(db, state as keyof typeof words)) {
      const goOn = `flawsmith ${run.kind} --resume ${run.id}`;
      report('note', `${run.kind} run ${run.id} ${what}; continue it with: ${goOn}`);
    }
  }
  for (const run of listRunsInState(db, 'running'))
    report('note', `${run.kind} run ${run.id} is going on, or was cut off and can be resumed`);
  return interrupted.map((run) => run.id);
}
