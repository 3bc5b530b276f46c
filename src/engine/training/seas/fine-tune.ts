// The SeaS fine-tune on a window pack: whole U-Net and token table, with checkpoints.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng } from '../../../core/base/rng.ts';
import type { StepPlan } from '../../../core/memory/plan.ts';
import { initialAdapters, mergeAdapters } from '../../../core/recipes/adapters.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { checkpointBytes, restoreCheckpoint, type TrainingState } from '../checkpoint-file.ts';
import { createStep, type Step } from '../create-step.ts';
import { BatchMaker } from './batch.ts';
import type { ExampleSet } from './example-set.ts';
import { divided, type FineTuneProgram, fineTuneProgram, rowsFor, TABLE } from './fine-tune-program.ts';
import type { SeasPreset } from './preset.ts';
import type { PreviewInput } from './previews.ts';
import { type ProgressShow, progressShow } from './show-progress.ts';
import type { ProductTokens } from './tokens.ts';

/** Updates between checkpoints: a minute's work, or a quarter of a short run. */
const checkpointEvery = (steps: number) => Math.min(60, Math.ceil(steps / 4));
/** Updates that make a point of the loss curve; a short run has points too. */
const pointEvery = (steps: number) => Math.max(1, Math.min(10, Math.floor(steps / 20)));
type Arrays = Record<string, Float32Array>;

export interface FineTuneInput {
  readonly networks: DenoiseNetworks;
  /** `unet/...` and `text/...`; the trained ones are updated in place. */
  readonly weights: Record<string, Float32Array>;
  readonly product: ProductTokens;
  readonly examples: ExampleSet;
  readonly preset: SeasPreset;
  readonly seed: number;
  /** 0 trains the whole U-Net, else low-rank adapters of this rank. */
  readonly adapterRank: number;
  readonly plan: StepPlan;
  readonly compile: CompileOptions;
  /** What pictures of the progress are made with. */
  readonly preview: Pick<PreviewInput, 'pack' | 'autoencoder' | 'types'>;
}

export interface FineTuned {
  /** Means of some updates each. */
  readonly curve: CurvePoint[];
  /** Updates that were done: fewer than the preset's where the user ended it. */
  readonly steps: number;
  /** Already merged into the weights. */
  readonly adapters: Arrays | null;
}

/** One line of the loss curve. */
export interface CurvePoint {
  readonly step: number;
  readonly [term: string]: number;
}

/** What the loss curve knows so far; part of a checkpoint. */
interface Seen {
  curve: CurvePoint[];
  sums: Record<string, number>;
}

/** Starting values of the adapters, and the weights that are trained themselves. */
function ownWeights({ trained, adapters }: FineTuneProgram, { weights, seed }: FineTuneInput): Arrays {
  const whole = [...trained.parameters.keys()].filter((name) => !adapters.has(name));
  return {
    ...initialAdapters(adapters, (name) => namedRng(seed, `adapter/${name}`)),
    ...Object.fromEntries(whole.map((name) => [name, weights[name]])),
  };
}

/** Trains until the preset's last update, or until the user wants it to end. */
export async function fineTune(input: FineTuneInput, context: RunContext): Promise<FineTuned> {
  const { networks, weights, product, examples, preset, adapterRank, plan } = input;
  const rows = divided(rowsFor(preset, examples.normals.length > 0), plan.parts);
  const tokensPerPrompt = product.wanted[0].length;
  const built = fineTuneProgram(networks, { rows, tokensPerPrompt, preset, adapterRank });
  const own = ownWeights(built, input);
  const fixed = Object.fromEntries(
    [...built.program.parameters.keys()].filter((name) => !own[name]).map((name) => [name, weights[name]]),
  );
  const step = await createStep(built.trained, own, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    compile: input.compile,
    plan,
    rateGroup: (name) => (name === TABLE ? 'tokens' : 'networks'),
  });
  const { scales } = built.program;
  const makers = Array.from({ length: plan.parts }, () => new BatchMaker(examples, product, rows, scales));
  const preview = { ...input.preview, networks, product, examples, compile: input.compile };
  const show = progressShow({ preview, steps: preset.steps, weights, own, adapterRank }, context);
  let curve: CurvePoint[];
  try {
    await step.hold(fixed);
    curve = await updates(step, { weights: own, optimizer: step.optimizer }, makers, input, context, show);
  } finally {
    await show.release();
    await step.release();
  }
  const steps = step.optimizer.steps;
  if (adapterRank === 0) return { curve, steps, adapters: null };
  const adapters = Object.fromEntries(Object.entries(own).filter(([name]) => name !== TABLE));
  mergeAdapters(weights, adapters, adapterRank);
  return { curve, steps, adapters };
}

/** The updates from the last checkpoint on, and new checkpoints; returns the curve of all. */
async function updates(
  step: Step,
  state: TrainingState,
  makers: readonly BatchMaker[],
  { preset, seed, adapterRank }: FineTuneInput,
  context: RunContext,
  show: ProgressShow,
): Promise<CurvePoint[]> {
  const rate = adapterRank > 0 ? preset.adapterRate : preset.rate;
  const last = await context.lastCheckpoint();
  const seen: Seen = last ? JSON.parse(restoreCheckpoint(last.bytes, state)) : { curve: [], sums: {} };
  const every = pointEvery(preset.steps);
  context.phase('fine-tune');
  let saved = step.optimizer.steps;
  const save = async () => {
    await step.download();
    saved = step.optimizer.steps;
    await context.checkpoint(saved, checkpointBytes(state, JSON.stringify(seen)));
  };
  try {
    await show.at(step, step.optimizer.steps);
    while (step.optimizer.steps < preset.steps) {
      const i = step.optimizer.steps;
      if (i > 0 && context.watch?.endWanted()) break;
      context.signal.throwIfAborted();
      const rng = namedRng(seed, `step ${i}`);
      const batches = makers.map((maker) => maker.make(rng));
      const scale = warmupCosine(i, preset.steps, 1, preset.warmup);
      const result = await step.step(batches, (name) =>
        name === TABLE ? preset.tokenRate * scale : rate * scale,
      );
      for (const [k, v] of Object.entries({ loss: result.loss, ...result.terms }))
        seen.sums[k] = (seen.sums[k] ?? 0) + v / every;
      if ((i + 1) % every === 0) {
        seen.curve.push({ step: i + 1, ...seen.sums });
        context.watch?.point(i + 1, seen.sums);
        seen.sums = {};
      }
      context.progress(i + 1, preset.steps, `loss ${result.loss.toFixed(3)}`);
      if ((i + 1) % checkpointEvery(preset.steps) === 0 || i + 1 === preset.steps) {
        await save();
      }
      await show.at(step, i + 1);
    }
    const ended = step.optimizer.steps;
    if (saved < ended) await save();
    await show.at(step, ended, true);
  } catch (error) {
    // A pause loses nothing. What a lost device no longer gives back stays at the checkpoint before.
    if (step.optimizer.steps > saved) await save().catch(() => {});
    throw error;
  }
  return seen.curve;
}
