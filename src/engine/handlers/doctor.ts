// workspace.doctor: looks for damage and leftovers; mends only what loses nothing.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { appendAudit } from '../store/audit.ts';
import type { ReadableWorkspace, Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { checkBlobs, checkOrphans } from './doctor/check-blobs.ts';
import { checkDatabase, checkResults } from './doctor/check-database.ts';
import { checkLeftovers, checkRuns } from './doctor/check-leftovers.ts';
import type { Report } from './doctor/report.ts';
import { progressOf } from './progress.ts';

/**
 * Without `repair`, nothing is written and no lock is taken. With it, unfinished writes and files that no row points at
 * are removed, the latter only while the database itself is sound: after damage they may be all that is left.
 */
export async function doctor(context: EngineContext, input: { repair: boolean }, call: Call) {
  if (!input.repair) return context.reading((workspace) => examine(workspace, null, context, call));
  const workspace = await context.writable();
  return examine(workspace, workspace, context, call);
}

async function examine(
  workspace: ReadableWorkspace,
  writable: Workspace | null,
  context: EngineContext,
  call: Call,
) {
  const counts = { error: 0, note: 0, repaired: 0 };
  const report: Report = (level, what, file = null, repaired = false) => {
    counts[level]++;
    if (repaired) counts.repaired++;
    call.emit({ event: 'finding', level, what, file, repaired });
  };

  checkDatabase(workspace, report);
  const sound = counts.error === 0;
  const progress = progressOf(call, context.clock, 'check files');
  const blobs = await checkBlobs(workspace, call.signal, progress, report);
  checkResults(workspace.db, report);
  await checkOrphans(workspace, sound ? writable : null, report);
  await checkLeftovers(workspace, writable, report);
  const interruptedRuns = checkRuns(workspace, report);

  if (writable !== null && counts.repaired > 0) {
    appendAudit(writable.db, context.clock.now(), { event: 'doctor-repaired', count: counts.repaired });
  }
  if (counts.error > 0) {
    throw new AppError(
      'corrupt',
      `${counts.error} thing${counts.error === 1 ? ' is' : 's are'} damaged in this workspace`,
      {
        file: workspace.folder,
        hint: 'Import the same folders again to put damaged pictures back, "flawsmith recreate" for generated ones; for the rest use a backup.',
      },
    );
  }
  return { healthy: true, blobs, notes: counts.note, repaired: counts.repaired, interruptedRuns };
}
