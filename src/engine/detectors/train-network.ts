// The gradient training of a detector: windows from a source, AdamW, a moving average of the weights, validation now
// and then, checkpoints.

import { emaDecay, updateEma } from '../../core/autodiff/rates.ts';
import { PLAIN_STEP } from '../../core/autodiff/step-program.ts';
import { namedRng } from '../../core/base/rng.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import { isTrained } from '../../core/nets/batch-norm-layer.ts';
import { initialWeights } from '../../core/nets/init.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import { type Hold, releasing } from '../runtime/releasing.ts';
import { laneCount } from '../runtime/rows.ts';
import { createStep, type Step } from '../training/create-step.ts';
import { drawBatch, PARTS } from './batch.ts';
import type { DetectorContext, DetectorRequest } from './detector.ts';
import type { DetectorMethod } from './method.ts';
import type { DetectorSettings } from './settings.ts';
import { restoreState, stateBytes } from './training-state.ts';
import { validationWindows, windowPrecision } from './validation.ts';
import { WindowScorer } from './window-scorer.ts';

/** Shares of the training after which the weights are looked at on validation windows. */
const LOOKS = [0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** Earlier weights are kept only if they are better by this much. */
const CLEARLY = 0.01;
const MOST_STEPS_UNSAVED = 100;

type Arrays = Record<string, Float32Array>;

/** What a training has seen; part of a checkpoint. */
interface Seen {
  readonly losses: { step: number; loss: number }[];
  readonly looks: { step: number; pixelAp: number }[];
  keptStep: number;
}

interface Training {
  readonly method: DetectorMethod;
  readonly settings: DetectorSettings;
  readonly request: DetectorRequest;
  readonly context: DetectorContext;
  /** Every weight, trained or statistic. */
  readonly weights: Arrays;
  /** What is scored and kept: the moving average of the trained weights, and the statistics themselves. */
  readonly average: Arrays;
  readonly kept: Arrays;
  readonly statistics: readonly string[];
}

function startWeights(method: DetectorMethod, settings: DetectorSettings, seed: number): Arrays {
  const { table } = method.step(settings.batch / PARTS);
  const weights = initialWeights(table, (name) => namedRng(seed, `detector/${name}`));
  for (const name of Object.keys(weights)) if (name.endsWith('running_var')) weights[name].fill(1);
  return weights;
}

const copyInto = (to: Arrays, from: Arrays): void => {
  for (const name of Object.keys(to)) to[name].set(from[name]);
};

/** One look at the weights: kept unless earlier ones are clearly better. */
async function look(
  training: Training,
  seen: Seen,
  step: number,
  scorer: WindowScorer,
  windows: readonly DetectorWindow[],
): Promise<void> {
  const { average, kept } = training;
  await scorer.hold({ ...training.method.frozen, ...average });
  const pixelAp = await windowPrecision(scorer, windows);
  const best = seen.looks.find((l) => l.step === seen.keptStep);
  seen.looks.push({ step, pixelAp });
  if (best && best.pixelAp > pixelAp + CLEARLY) return;
  seen.keptStep = step;
  copyInto(kept, average);
}

async function updates(training: Training, step: Step, hold: Hold): Promise<Seen> {
  const { method, settings, request, context, weights, average, kept, statistics } = training;
  const { optimizer } = step;
  const { window: side, steps } = settings;
  const windows = validationWindows(request.validation, { side, scale: request.scale, white: request.white });
  const scoring = (rows: number) => method.scoring(rows);
  const scorer = windows.length > 0 ? hold(await WindowScorer.create(scoring, side, request.compile)) : null;
  const last = await context.lastCheckpoint?.();
  const seen = last
    ? (restoreState(last.bytes, training, optimizer) as Seen)
    : { losses: [], looks: [], keptStep: 0 };
  const looks = new Set(LOOKS.map((share) => Math.round(share * steps)));
  const interval = Math.min(MOST_STEPS_UNSAVED, Math.ceil(steps / 4));
  while (optimizer.steps < steps) {
    context.signal.throwIfAborted();
    const i = optimizer.steps;
    const parts = await drawBatch(request.source, settings, request.seed, i);
    const current = Object.fromEntries(statistics.map((name) => [name, weights[name]]));
    const batches = parts.map((part) => ({ ...current, ...method.feeds(part, i) }));
    const result = await step.step(batches, (name) => method.rate(name, i));
    await step.download();
    for (const name of statistics) weights[name].set(result.state[name]);
    updateEma(average, weights, emaDecay(i, settings.average));
    for (const name of statistics) average[name].set(weights[name]);
    if ((i + 1) % 20 === 0 || i + 1 === steps) seen.losses.push({ step: i + 1, loss: result.loss });
    const isLook = scorer !== null && looks.has(i + 1);
    const isSave = (i + 1) % interval === 0 && i + 1 < steps;
    if (isLook) await look(training, seen, i + 1, scorer, windows);
    if (isSave) await context.checkpoint?.(i + 1, stateBytes(training, optimizer, seen));
    context.progress(i + 1, steps, `loss ${result.loss.toFixed(3)}`);
  }
  if (scorer === null) {
    seen.keptStep = steps;
    copyInto(kept, average);
  }
  return seen;
}

async function trained(training: Training): Promise<Seen> {
  const { method, settings, request, weights } = training;
  return releasing(async (hold) => {
    const program = method.step(settings.batch / PARTS);
    const parameters = new Map([...program.parameters].filter(([name]) => isTrained(name)));
    const own = Object.fromEntries([...parameters.keys()].map((name) => [name, weights[name]]));
    const step = hold(
      await createStep({ ...program, parameters }, own, {
        compile: request.compile,
        weightDecay: settings.weightDecay,
        maxNorm: 1,
        plan: { parts: PARTS, lanes: laneCount(PARTS, request.compile.threads), form: PLAIN_STEP },
        rateGroup: (name) => String(method.rate(name, 0)),
      }),
    );
    await step.hold(method.frozen);
    return updates(training, step, hold);
  });
}

/** The kept weights, and what the training saw. */
export async function trainedWeights(
  method: DetectorMethod,
  settings: DetectorSettings,
  request: DetectorRequest,
  context: DetectorContext,
): Promise<{ weights: Arrays; summary: JsonObject }> {
  const weights = startWeights(method, settings, request.seed);
  const copy = () => Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, w.slice()]));
  const [average, kept] = [copy(), copy()];
  const statistics = Object.keys(weights).filter((name) => !isTrained(name));
  const seen = await trained({ method, settings, request, context, weights, average, kept, statistics });
  return { weights: kept, summary: { steps: settings.steps, ...seen } };
}
