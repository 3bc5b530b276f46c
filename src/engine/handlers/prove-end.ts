// prove.end: a proof that stopped is not gone on with.

import { AppError } from '../../core/base/errors.ts';
import { cancelRun, isResumable } from '../../core/domain/run.ts';
import type { EngineContext } from '../engine-context.ts';
import { appendAudit } from '../store/audit.ts';
import { getRun, updateRunState } from '../store/runs.ts';

export async function endProof(context: EngineContext, { id }: { id: string }) {
  const { db, folder } = await context.writable();
  const run = getRun(db, id);
  if (run?.kind !== 'prove') throw new AppError('not-found', `there is no proof ${id} in this workspace`);
  if (!isResumable(run.state)) {
    throw new AppError('usage', `proof ${id} is ${run.state.state}`, {
      hint: run.state.state === 'running' ? 'Stop it first.' : 'There is nothing to end.',
    });
  }
  const at = context.clock.now();
  const next = cancelRun(run.state, at);
  db.transaction(() => {
    updateRunState(db, id, next, at);
    appendAudit(db, at, { event: 'run-state', run: id, state: 'cancelled' });
  });
  const { Scratch } = await import('../prove/scratch.ts');
  await new Scratch(folder, id).removeAll();
  return {};
}
