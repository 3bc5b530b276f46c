// The SeaS fine-tune on a window pack: whole U-Net and token table, with checkpoints.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng } from '../../../core/base/rng.ts';
import { TOKEN_TABLE } from '../../../core/nets/clip-text-model.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { windowProgram } from '../../../core/recipes/seas/window-program.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { checkpointBytes, restoreCheckpoint } from '../checkpoint-file.ts';
import { TrainStep } from '../train-step.ts';
import { BatchMaker } from './batch.ts';
import type { ExampleSet } from './example-set.ts';
import type { SeasPreset } from './preset.ts';
import type { ProductTokens } from './tokens.ts';

const CHECKPOINT_EVERY = 60;
const TABLE = `text/${TOKEN_TABLE}`;

export interface FineTuneInput {
  readonly networks: DenoiseNetworks;
  /** `unet/...` and `text/...`; the trained ones are updated in place. */
  readonly weights: Record<string, Float32Array>;
  readonly product: ProductTokens;
  readonly examples: ExampleSet;
  readonly preset: SeasPreset;
  readonly seed: number;
  readonly compile: CompileOptions;
}

/** One line of the loss curve. */
export interface CurvePoint {
  readonly step: number;
  readonly [term: string]: number;
}

/** Without good pictures every row shows defects. */
function rowsFor(preset: SeasPreset, examples: ExampleSet): SeasPreset['rows'] {
  const { windows, anomalies, normals } = preset.rows;
  return examples.normals.length > 0 ? preset.rows : { windows: windows + normals, anomalies, normals: 0 };
}

/** Trains and returns the loss curve (means of 10 steps). */
export async function fineTune(input: FineTuneInput, context: RunContext): Promise<CurvePoint[]> {
  const { networks, weights, product, examples, preset, seed } = input;
  const rows = rowsFor(preset, examples);
  const program = windowProgram(networks, {
    rows,
    latentSize: 32,
    promptLength: networks.text.maxPositions,
    tokensPerPrompt: product.wanted[0].length,
    form: preset.form,
    alignment: preset.alignment,
  });
  // Frozen in the text encoder: everything but the token table (methods.md 1.4).
  const trained = new Map([...program.parameters].filter(([name]) => name.startsWith('unet/') || name === TABLE));
  const own = Object.fromEntries([...trained.keys()].map((name) => [name, weights[name]]));
  const fixed = Object.fromEntries(
    [...program.parameters.keys()].filter((name) => !trained.has(name)).map((name) => [name, weights[name]]),
  );
  const step = await TrainStep.create({ ...program, parameters: trained }, own, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    compile: input.compile,
  });
  const state = { weights: own, optimizer: step.optimizer };
  const last = await context.lastCheckpoint();
  if (last) restoreCheckpoint(last.bytes, state);
  const maker = new BatchMaker(examples, product, rows, program.scales);
  const curve: CurvePoint[] = [];
  let sums: Record<string, number> = {};
  context.phase('fine-tune');
  while (step.optimizer.steps < preset.steps) {
    const i = step.optimizer.steps;
    context.signal.throwIfAborted();
    const batch = maker.make(namedRng(seed, `step ${i}`));
    const scale = warmupCosine(i, preset.steps, 1, preset.warmup);
    const result = await step.step({ ...fixed, ...batch }, (name) =>
      name === TABLE ? preset.tokenRate * scale : preset.rate * scale,
    );
    for (const [k, v] of Object.entries({ loss: result.loss, ...result.terms })) sums[k] = (sums[k] ?? 0) + v / 10;
    if ((i + 1) % 10 === 0) {
      curve.push({ step: i + 1, ...sums });
      sums = {};
    }
    context.progress(i + 1, preset.steps, `loss ${result.loss.toFixed(3)}`);
    if ((i + 1) % CHECKPOINT_EVERY === 0 && i + 1 < preset.steps) {
      await context.checkpoint(i + 1, checkpointBytes(state));
    }
  }
  await step.executable.release();
  return curve;
}
