// The updates of one phase: from the last checkpoint on, with new checkpoints and the loss curve.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { TensorData } from '../../runtime/executable.ts';
import { checkpointBytes, keptArrays, restoreCheckpoint, type TrainingState } from '../checkpoint-file.ts';
import type { Step } from '../create-step.ts';
import type { StepResult } from '../train-step.ts';

export type Arrays = Record<string, Float32Array>;

/** One line of the loss curve: means by term. */
export interface CurvePoint {
  readonly step: number;
  readonly [term: string]: number;
}

/** What earlier phases told, small enough to travel with every checkpoint. */
export type Told = Readonly<Record<string, unknown>>;

interface Note {
  readonly phase: string;
  readonly curve: CurvePoint[];
  sums: Record<string, number>;
  readonly told: Told;
}

export interface Phase {
  readonly name: string;
  readonly steps: number;
  /** Updates of the phases before: checkpoints count through. */
  readonly before: number;
  /** Of a parameter in update `i`. */
  readonly rate: (name: string, i: number) => number;
  readonly batches: (i: number) => Promise<readonly Record<string, TensorData>[]>;
  /** After an update: running statistics. */
  readonly onResult?: (result: StepResult) => void;
  /** What travels with the checkpoints beside weights and moments. */
  readonly kept: () => Arrays;
  readonly told: Told;
  /** Whether the user may end it early; its curve is shown then, too. */
  readonly isMain: boolean;
}

/** The last checkpoint: which phase it is of, and what it kept. */
export interface Resumed {
  readonly phase: string;
  readonly bytes: Uint8Array;
  readonly kept: Arrays;
  readonly told: Told;
}

export async function lastPhase(context: RunContext): Promise<Resumed | null> {
  const last = await context.lastCheckpoint();
  if (last === null) return null;
  const { note, kept } = keptArrays(last.bytes);
  const { phase, told } = JSON.parse(note) as Note;
  return { phase, bytes: last.bytes, kept, told };
}

/** A checkpoint at the latest after this many updates, or a quarter of a short run, or this time. */
const CHECKPOINT_UPDATES = 60;
const CHECKPOINT_MS = 5 * 60_000;
const pointEvery = (steps: number) => Math.max(1, Math.min(10, Math.floor(steps / 20)));

export function rateScale(
  { schedule, warmup }: { readonly schedule: string; readonly warmup: number },
  i: number,
  steps: number,
): number {
  if (schedule === 'cosine') return warmupCosine(i, steps, 1, warmup);
  return warmup > 0 ? Math.min(1, (i + 1) / warmup) : 1;
}

/** Runs the phase; `weights` are updated in place. Returns the curve and the updates that were done. */
export async function runUpdates(
  step: Step,
  weights: Arrays,
  phase: Phase,
  context: RunContext,
  resumed: Resumed | null,
): Promise<{ curve: CurvePoint[]; steps: number }> {
  const { name, steps, before, rate, batches, onResult, kept, told, isMain } = phase;
  const state: TrainingState = { weights, optimizer: step.optimizer };
  const isOwn = resumed?.phase === name;
  const note: Note = isOwn
    ? (JSON.parse(restoreCheckpoint(resumed.bytes, state)) as Note)
    : { phase: name, curve: [], sums: {}, told };
  const every = pointEvery(steps);
  const checkpointEvery = Math.min(CHECKPOINT_UPDATES, Math.ceil(steps / 4));
  context.phase(name);
  let saved = step.optimizer.steps;
  let savedAt = performance.now();
  const save = async () => {
    await step.download();
    saved = step.optimizer.steps;
    await context.checkpoint(before + saved, checkpointBytes(state, JSON.stringify(note), kept()));
    savedAt = performance.now();
  };
  try {
    while (step.optimizer.steps < steps) {
      const i = step.optimizer.steps;
      if (isMain && i > 0 && context.watch?.endWanted()) break;
      context.signal.throwIfAborted();
      const result = await step.step(await batches(i), (parameter) => rate(parameter, i));
      onResult?.(result);
      for (const [term, v] of Object.entries({ loss: result.loss, ...result.terms }))
        note.sums[term] = (note.sums[term] ?? 0) + v / every;
      if ((i + 1) % every === 0) {
        note.curve.push({ step: i + 1, ...note.sums });
        if (isMain) context.watch?.point(i + 1, note.sums);
        note.sums = {};
      }
      context.progress(i + 1, steps, `loss ${result.loss.toFixed(3)}`);
      const isDue = (i + 1) % checkpointEvery === 0 || performance.now() - savedAt > CHECKPOINT_MS;
      if (isDue || i + 1 === steps) await save();
    }
    if (saved < step.optimizer.steps) await save();
  } catch (error) {
    // A pause loses nothing. What a lost device no longer gives back stays at the checkpoint before.
    if (step.optimizer.steps > saved) await save().catch(() => {});
    throw error;
  }
  await step.download();
  return { curve: note.curve, steps: step.optimizer.steps };
}
