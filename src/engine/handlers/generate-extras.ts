// generation.learned, predict and keep: what a product has learned, how long pictures take, and ending a stopped run.

import { AppError } from '../../core/base/errors.ts';
import { cancelRun, isResumable } from '../../core/domain/run.ts';
import { seasTokens } from '../../core/recipes/seas/prompts.ts';
import type { EngineContext } from '../engine-context.ts';
import type { Generator } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { countOfRun, timesOfRuns } from '../store/generations.ts';
import { getRun, updateRunState } from '../store/runs.ts';
import { listTokenSets, type TokenSetRow } from '../store/token-sets.ts';
import { chooseProduct } from './choose-product.ts';
import { packFor } from './generate-request.ts';

export async function learnedSets(context: EngineContext, input: { product?: string }) {
  return context.reading(async (workspace) => {
    const product = chooseProduct(workspace.db, input.product);
    const tokenSets = [];
    for (const set of listTokenSets(workspace.db, product.id)) {
      const { method } = getRun(workspace.db, set.runId)!;
      if (method === 'anomalysd') continue;
      // AnoGen's vectors cannot be mixed: it has no attributes.
      const { anomaly } = method === 'seas' ? seasTokens(set.types.length, tokensOf(set)) : { anomaly: [] };
      tokenSets.push({
        id: set.id,
        runId: set.runId,
        method,
        createdAt: set.createdAt,
        types: set.types.map((name, i) => ({ name, tokens: [...(anomaly[i] ?? [])] })),
        problem: await packFor(context, workspace, set).then(
          () => null,
          (error: unknown) => (error as Error).message,
        ),
      });
    }
    return { tokenSets };
  });
}

/** Anomaly tokens per type; undefined: SeaS's usual number. */
function tokensOf({ config }: TokenSetRow): number | undefined {
  const { tokens } = (config.settings ?? {}) as { tokens?: number };
  return tokens;
}

/** Runs that are looked at: the newest say best how fast this machine is now. */
const RUNS = 6;
/** Spread that is assumed where a single run was measured. */
const SPREAD = 0.3;

export async function predictTime(
  context: EngineContext,
  { generator, count, defects }: { generator: Generator; count: number; product?: string; defects: number },
) {
  return context.reading(({ db }) => {
    const runs = timesOfRuns(db, generator, RUNS);
    const measured = runs.reduce((n, run) => n + run.pictures, 0);
    if (measured === 0) return { seconds: null, low: null, high: null, measured: 0 };
    const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
    // Several defects are several windows to draw.
    const times = count * (generator === 'windows' || generator === 'blend' ? defects : 1);
    const mean = seconds / measured;
    const rates = runs.map((run) => run.seconds / run.pictures);
    return {
      seconds: times * mean,
      low: times * Math.min(...rates, mean * (1 - SPREAD)),
      high: times * Math.max(...rates, mean * (1 + SPREAD)),
      measured,
    };
  });
}

/** Throws `usage` where the run goes on or has ended. */
export async function keepStopped(context: EngineContext, { runId }: { runId: string }) {
  const { db } = await context.writable();
  const run = getRun(db, runId);
  if (run === undefined || run.kind !== 'generate') {
    throw new AppError('not-found', `there is no generation run ${runId} in this workspace`);
  }
  if (!isResumable(run.state)) {
    throw new AppError('usage', `run ${runId} is ${run.state.state}`, {
      hint: run.state.state === 'running' ? 'Stop it first.' : 'There is nothing to end.',
    });
  }
  const at = context.clock.now();
  db.transaction(() => {
    updateRunState(db, runId, cancelRun(run.state, at), at);
    appendAudit(db, at, { event: 'run-state', run: runId, state: 'cancelled' });
  });
  return { pictures: countOfRun(db, runId) };
}
