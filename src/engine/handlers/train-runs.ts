// training.runs, watch and keep: the fine-tunes of a product, what one has shown so far, and ending one early.

import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import { isResumable } from '../../core/domain/run.ts';
import type { TrainingForecast } from '../../core/domain/training-forecast.ts';
import type { EngineContext } from '../engine-context.ts';
import { wantEnd } from '../runs/training-watch.ts';
import { listCheckpoints } from '../store/checkpoints.ts';
import type { ReadableDb } from '../store/database.ts';
import { getPack } from '../store/packs.ts';
import { getRun, listRuns, type RunRow } from '../store/runs.ts';
import { listTokenSets, type TokenSetRow } from '../store/token-sets.ts';
import { timesOfTraining } from '../store/training-times.ts';
import { isEndAsked, listPoints, listPreviews } from '../store/training-watch.ts';
import { endsEarly } from '../training/methods.ts';
import { chooseProduct } from './choose-product.ts';

export async function trainingRuns(context: EngineContext, input: { product?: string }) {
  return context.reading(({ db }) => {
    const product = chooseProduct(db, input.product);
    const sets = new Map(listTokenSets(db, product.id).map((set) => [set.runId, set]));
    const runs = listRuns(db).filter((run) => run.kind === 'train' && run.productId === product.id);
    return { runs: runs.reverse().map((run) => describe(db, run, sets.get(run.id))) };
  });
}

function describe(db: ReadableDb, run: RunRow, set: TokenSetRow | undefined) {
  const { params, state } = run;
  const times = timesOfTraining(db, run.id);
  const summary = summaryOf(run);
  const number = (name: string): number | null =>
    typeof summary[name] === 'number' ? (summary[name] as number) : null;
  return {
    id: run.id,
    method: run.method,
    preset: String(params.preset),
    state: state.state,
    createdAt: run.createdAt,
    types: set?.types ?? [],
    pack: run.packId === null ? null : (getPack(db, run.packId)?.name ?? null),
    device: run.device,
    adapterRank: Number(params.adapterRank ?? 0),
    seed: run.seed,
    progress: 'progress' in state ? state.progress : null,
    error: state.state === 'failed' ? state.error.message : null,
    stoppedBy: state.state === 'interrupted' ? state.reason : null,
    canEnd: endsEarly(run.method),
    ending: isEndAsked(db, run.id),
    forecast: (params.forecast ?? null) as unknown as TrainingForecast | null,
    forecastBytes: (params.forecastBytes ?? null) as number | null,
    seconds: times.reduce((sum, time) => sum + time.seconds, 0),
    peakBytes: times.length === 0 ? null : Math.max(...times.map((time) => time.peakBytes)),
    tokenSet: set?.id ?? null,
    steps: number('steps'),
    plannedSteps: number('plannedSteps'),
    heldOutBefore: number('heldOutLossBefore'),
    heldOutAfter: number('heldOutLossAfter'),
    heldOutPictures: number('heldOutPictures'),
  };
}

function summaryOf({ state }: RunRow): JsonObject {
  const summary = state.state === 'done' ? state.outcome.summary : null;
  return typeof summary === 'object' && summary !== null && !Array.isArray(summary) ? summary : {};
}

export async function watchTraining(context: EngineContext, { runId }: { runId: string }) {
  return context.reading(({ db }) => {
    findTraining(db, runId);
    return {
      points: listPoints(db, runId),
      previews: listPreviews(db, runId).map(({ id, step, kind, place, type, token }) => {
        return { id, step, kind, place, type, token };
      }),
    };
  });
}

/** Throws `usage` where the run has ended, or has learned nothing yet. */
export async function keepTraining(context: EngineContext, { runId }: { runId: string }) {
  const workspace = await context.writable();
  const { state, method } = findTraining(workspace.db, runId);
  if (!endsEarly(method)) {
    throw new AppError('unsupported', `a run of "${method}" cannot be ended early`, {
      hint: 'Pause it, or let it go on to its end.',
    });
  }
  const running = state.state === 'running';
  if (!running && !isResumable(state)) {
    throw new AppError('usage', `run ${runId} is ${state.state}`, { hint: 'There is nothing to end.' });
  }
  if (!running && listCheckpoints(workspace.db, runId).length === 0) {
    throw new AppError('usage', `run ${runId} has not learned anything yet`, {
      hint: 'Let it go on for a while first.',
    });
  }
  wantEnd(workspace, runId, context.clock.now());
  return { running };
}

function findTraining(db: ReadableDb, runId: string): RunRow {
  const run = getRun(db, runId);
  if (run !== undefined && run.kind === 'train') return run;
  throw new AppError('not-found', `there is no training run ${runId} in this workspace`);
}
