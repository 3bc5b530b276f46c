// The updates of one phase of a training: from the last checkpoint on, with new checkpoints and the loss curve.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng, type Rng } from '../../../core/base/rng.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { TensorData } from '../../runtime/executable.ts';
import { checkpointBytes, keptArrays, restoreCheckpoint, type TrainingState } from '../checkpoint-file.ts';
import type { Step } from '../create-step.ts';

export type Arrays = Record<string, Float32Array>;

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

interface Seen {
  phase: string;
  curve: CurvePoint[];
  sum: number;
}

/** Updates between checkpoints: a minute's work, or a quarter of a short run. */
const checkpointEvery = (steps: number) => Math.min(60, Math.ceil(steps / 4));
const WARMUP = 20;
const CURVE_EVERY = 10;

export interface Phase {
  readonly name: string;
  /** Updates, and how many the phases before had: checkpoints count through. */
  readonly steps: number;
  readonly before: number;
  readonly seed: number;
  readonly rate: (name: string) => number;
  readonly batches: (rng: Rng) => Record<string, TensorData>[];
  /** What earlier phases left: it travels with this phase's checkpoints. */
  readonly kept: Arrays;
}

/** The last checkpoint where it belongs to the phase; `kept` of a later one is what this phase left. */
export interface Resumed {
  readonly phase: string;
  readonly bytes: Uint8Array;
  readonly kept: Arrays;
}

export async function lastPhase(context: RunContext): Promise<Resumed | null> {
  const last = await context.lastCheckpoint();
  if (last === null) return null;
  const { note, kept } = keptArrays(last.bytes);
  return { phase: (JSON.parse(note) as Seen).phase, bytes: last.bytes, kept };
}

/** Runs the phase on `step`, whose weights are updated in place; returns its curve (means of ten updates). */
export async function runPhase(
  step: Step,
  weights: Arrays,
  phase: Phase,
  context: RunContext,
  resumed: Resumed | null,
): Promise<CurvePoint[]> {
  const { name, steps, before, seed, rate, batches, kept } = phase;
  const state: TrainingState = { weights, optimizer: step.optimizer };
  let seen: Seen = { phase: name, curve: [], sum: 0 };
  if (resumed?.phase === name) seen = JSON.parse(restoreCheckpoint(resumed.bytes, state));
  context.phase(name);
  let saved = step.optimizer.steps;
  const save = async () => {
    await step.download();
    saved = step.optimizer.steps;
    await context.checkpoint(before + saved, checkpointBytes(state, JSON.stringify(seen), kept));
  };
  try {
    while (step.optimizer.steps < steps) {
      const i = step.optimizer.steps;
      context.signal.throwIfAborted();
      const scale = warmupCosine(i, steps, 1, Math.min(WARMUP, Math.ceil(steps / 4)));
      const result = await step.step(batches(namedRng(seed, `${name} step ${i}`)), (n) => rate(n) * scale);
      seen.sum += result.loss / CURVE_EVERY;
      if ((i + 1) % CURVE_EVERY === 0) {
        seen.curve.push({ step: i + 1, loss: seen.sum });
        seen.sum = 0;
      }
      context.progress(i + 1, steps, `loss ${result.loss.toFixed(3)}`);
      if ((i + 1) % checkpointEvery(steps) === 0 || i + 1 === steps) await save();
    }
  } catch (error) {
    // What a lost device no longer gives back stays at the checkpoint before.
    if (!context.signal.aborted && step.optimizer.steps > saved) await save().catch(() => {});
    throw error;
  }
  await step.download();
  return seen.curve;
}
