// The SeaS fine-tune on a window pack: whole U-Net and token table, with checkpoints.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng } from '../../../core/base/rng.ts';
import type { Value } from '../../../core/graph/value.ts';
import { TOKEN_TABLE } from '../../../core/nets/clip-text-model.ts';
import { initialAdapters, mergeAdapters, withAdapters } from '../../../core/recipes/adapters.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { type WindowProgram, windowProgram } from '../../../core/recipes/seas/window-program.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { checkpointBytes, restoreCheckpoint } from '../checkpoint-file.ts';
import { type StepProgram, TrainStep } from '../train-step.ts';
import { BatchMaker } from './batch.ts';
import type { ExampleSet } from './example-set.ts';
import type { SeasPreset } from './preset.ts';
import type { ProductTokens } from './tokens.ts';

/** Updates between checkpoints: a minute's work, or a quarter of a short run. */
const checkpointEvery = (steps: number) => Math.min(60, Math.ceil(steps / 4));
type Arrays = Record<string, Float32Array>;
const TABLE = `text/${TOKEN_TABLE}`;

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
  readonly compile: CompileOptions;
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

/** Without good pictures every row shows defects. */
function rowsFor(preset: SeasPreset, examples: ExampleSet): SeasPreset['rows'] {
  const { windows, anomalies, normals } = preset.rows;
  return examples.normals.length > 0 ? preset.rows : { windows: windows + normals, anomalies, normals: 0 };
}

/** What is trained: the whole U-Net or adapters on it, and the token table; the rest is frozen (methods.md 1.4). */
function trainables(program: WindowProgram, input: FineTuneInput): { trained: StepProgram; own: Arrays } {
  const { weights, adapterRank, seed } = input;
  if (adapterRank === 0) {
    const parameters = new Map([...program.parameters].filter(([n]) => n.startsWith('unet/') || n === TABLE));
    return {
      trained: { ...program, parameters },
      own: Object.fromEntries([...parameters.keys()].map((n) => [n, weights[n]])),
    };
  }
  const outputs = { loss: program.loss, ...program.terms };
  const adapted = withAdapters(outputs, adapterRank, (n) => n.startsWith('unet/'));
  const { loss, ...terms } = adapted.outputs;
  const table = adapted.b.input(TABLE, (program.parameters.get(TABLE) as Value).shape);
  return {
    trained: { b: adapted.b, loss, terms, parameters: new Map([...adapted.adapters, [TABLE, table]]) },
    own: {
      ...initialAdapters(adapted.adapters, (n) => namedRng(seed, `adapter/${n}`)),
      [TABLE]: weights[TABLE],
    },
  };
}

/** Trains and returns the loss curve (means of 10 steps); with adapters also these, already merged into `weights`. */
export async function fineTune(
  input: FineTuneInput,
  context: RunContext,
): Promise<{ curve: CurvePoint[]; adapters: Arrays | null }> {
  const { networks, weights, product, examples, preset, seed, adapterRank } = input;
  const rate = adapterRank > 0 ? preset.adapterRate : preset.rate;
  const rows = rowsFor(preset, examples);
  const program = windowProgram(networks, {
    rows,
    latentSize: 32,
    promptLength: networks.text.maxPositions,
    tokensPerPrompt: product.wanted[0].length,
    form: preset.form,
    alignment: preset.alignment,
  });
  const { trained, own } = trainables(program, input);
  const fixed = Object.fromEntries(
    [...program.parameters.keys()].filter((name) => !own[name]).map((name) => [name, weights[name]]),
  );
  const step = await TrainStep.create(trained, own, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    compile: input.compile,
  });
  const state = { weights: own, optimizer: step.optimizer };
  const last = await context.lastCheckpoint();
  const seen: Seen = last ? JSON.parse(restoreCheckpoint(last.bytes, state)) : { curve: [], sums: {} };
  const maker = new BatchMaker(examples, product, rows, program.scales);
  context.phase('fine-tune');
  while (step.optimizer.steps < preset.steps) {
    const i = step.optimizer.steps;
    context.signal.throwIfAborted();
    const batch = maker.make(namedRng(seed, `step ${i}`));
    const scale = warmupCosine(i, preset.steps, 1, preset.warmup);
    const result = await step.step({ ...fixed, ...batch }, (name) =>
      name === TABLE ? preset.tokenRate * scale : rate * scale,
    );
    for (const [k, v] of Object.entries({ loss: result.loss, ...result.terms }))
      seen.sums[k] = (seen.sums[k] ?? 0) + v / 10;
    if ((i + 1) % 10 === 0) {
      seen.curve.push({ step: i + 1, ...seen.sums });
      seen.sums = {};
    }
    context.progress(i + 1, preset.steps, `loss ${result.loss.toFixed(3)}`);
    if ((i + 1) % checkpointEvery(preset.steps) === 0 || i + 1 === preset.steps) {
      await context.checkpoint(i + 1, checkpointBytes(state, JSON.stringify(seen)));
    }
  }
  await step.executable.release();
  if (adapterRank === 0) return { curve: seen.curve, adapters: null };
  const adapters = Object.fromEntries(Object.entries(own).filter(([name]) => name !== TABLE));
  mergeAdapters(weights, adapters, adapterRank);
  return { curve: seen.curve, adapters };
}
