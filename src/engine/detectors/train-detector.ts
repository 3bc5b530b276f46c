// Trains a detector: windows from a source, AdamW, validation now and then, checkpoints.

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
import type { DetectorContext, DetectorRequest, TrainedDetector } from './detector.ts';
import { fitMemory } from './fit-memory.ts';
import type { DetectorMethod } from './method.ts';
import { methodOf } from './methods/index.ts';
import { NetworkDetector } from './network-detector.ts';
import { checkedSettings, type DetectorSettings } from './settings.ts';
import type { DetectorSpec } from './spec.ts';
import { restoreState, stateBytes } from './training-state.ts';
import { findThresholds, validationWindows, windowPrecision } from './validation.ts';
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
  const { weights, kept } = training;
  await scorer.hold({ ...training.method.frozen, ...weights });
  const pixelAp = await windowPrecision(scorer, windows);
  const best = seen.looks.find((l) => l.step === seen.keptStep);
  seen.looks.push({ step, pixelAp });
  if (best && best.pixelAp > pixelAp + CLEARLY) return;
  seen.keptStep = step;
  copyInto(kept, weights);
}

async function updates(training: Training, step: Step, hold: Hold): Promise<Seen> {
  const { method, settings, request, context, weights, kept, statistics } = training;
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
    for (const name of statistics) weights[name].set(result.state[name]);
    if ((i + 1) % 20 === 0 || i + 1 === steps) seen.losses.push({ step: i + 1, loss: result.loss });
    const isLook = scorer !== null && looks.has(i + 1);
    const isSave = (i + 1) % interval === 0 && i + 1 < steps;
    if (isLook || isSave || i + 1 === steps) await step.download();
    if (isLook) await look(training, seen, i + 1, scorer, windows);
    if (isSave) await context.checkpoint?.(i + 1, stateBytes(training, optimizer, seen));
    context.progress(i + 1, steps, `loss ${result.loss.toFixed(3)}`);
  }
  if (scorer === null) {
    seen.keptStep = steps;
    copyInto(kept, weights);
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

/** The kept weights of a gradient training, and what it saw. */
async function trainedWeights(
  method: DetectorMethod,
  settings: DetectorSettings,
  request: DetectorRequest,
  context: DetectorContext,
): Promise<{ weights: Arrays; summary: JsonObject }> {
  const weights = startWeights(method, settings, request.seed);
  const kept = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, w.slice()]));
  const statistics = Object.keys(weights).filter((name) => !isTrained(name));
  const seen = await trained({ method, settings, request, context, weights, kept, statistics });
  return { weights: kept, summary: { steps: settings.steps, ...seen } };
}

/** Trains, keeps the weights that validation prefers, and finds the thresholds. */
export async function trainDetector(
  request: DetectorRequest,
  context: DetectorContext,
): Promise<TrainedDetector> {
  const { kind, compile, scale, white = null } = request;
  const settings = checkedSettings(kind, request.settings);
  const method = methodOf(kind, settings, request.packPath);
  const { weights, summary } =
    'patches' in method
      ? { weights: await fitMemory(method, settings, request, context), summary: {} }
      : await trainedWeights(method, settings, request, context);
  const { imageScore } = method;
  const thresholds = { pixel: null, image: null };
  const spec: DetectorSpec = { version: 1, kind, settings, scale, white, imageScore, thresholds };
  const detector = await NetworkDetector.create(spec, method, weights, compile);
  try {
    return detector.finished(await findThresholds(detector, request.validation, context.signal), summary);
  } catch (error) {
    await detector.release();
    throw error;
  }
}
