// Trains RMP on a fine-tuned window pack (methods.md 1.6): U-Net and autoencoder frozen, features detached.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng } from '../../../core/base/rng.ts';
import type { JsonObject } from '../../../core/domain/json.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { initialWeights } from '../../../core/nets/init.ts';
import { packMaskNetwork } from '../../../core/nets/pack-mask-network.ts';
import { Scope } from '../../../core/nets/scope.ts';
import type { UnetConfig } from '../../../core/nets/unet-2d-condition.ts';
import { WINDOW } from '../../../core/recipes/pack/condition.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { maskLoss } from '../../../core/recipes/seas/mask-loss.ts';
import { bilinearMask, type MaskStack } from '../../../core/recipes/seas/mask-pyramid.ts';
import type { WindowExample } from '../../../core/recipes/windows/window-example.ts';
import type { Pack, PackWeights } from '../../packs/pack.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { type Hold, releasing } from '../../runtime/releasing.ts';
import { createStep } from '../create-step.ts';
import type { StepProgram } from '../train-step.ts';
import type { ExampleSet, WholeExample } from './example-set.ts';
import { DECODER_SHAPE, FeatureTap, upBlockShapes } from './feature-tap.ts';
import { measureMaskAgreement } from './mask-agreement.ts';
import type { ProductTokens } from './tokens.ts';

const RATE = 2e-3;
export const ITEMS = { anomalies: 2, normals: 2 };
export const FINE = 64;
const COARSE = 32;

export interface MaskTraining {
  readonly pack: Pack;
  readonly base: PackWeights;
  readonly networks: DenoiseNetworks;
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly product: ProductTokens;
  readonly examples: ExampleSet;
  readonly types: readonly string[];
  readonly steps: number;
  readonly seed: number;
  readonly compile: CompileOptions;
  /** Windows of held-out defects, for the reported agreement. */
  readonly heldDrawn: readonly WindowExample[];
}

/**
 * Cells of exactly 1 are the target (methods.md 1.6), which a threshold of 0.2 makes up for. A thin scratch has none:
 * where no whole cell is near, half-covered cells stand for the mark.
 */
function wholeCells({ data, height, width }: MaskStack): MaskStack {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    let near = false;
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) {
        if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
        near ||= data[i + dy * width + dx] === 1;
      }
    out[i] = data[i] === 1 || (!near && data[i] >= 0.5) ? 1 : 0;
  }
  return { data: out, height, width };
}

/** Masks [N,1,s,s] of whole examples at a size. */
function masksAt(items: readonly WholeExample[], size: number): Float32Array {
  const data = new Float32Array(items.length * WINDOW * WINDOW);
  items.forEach((item, i) => {
    data.set(item.mask, i * WINDOW * WINDOW);
  });
  const fine = wholeCells(bilinearMask({ data, height: WINDOW, width: WINDOW }, FINE, FINE));
  return size === FINE ? fine.data : wholeCells(bilinearMask(fine, size, size)).data;
}

/** The mask network's step on `n` windows, the first of which have decoder features. */
export function maskProgram(n: number, unet: UnetConfig): StepProgram & { readonly s: Scope } {
  const s = new Scope(new Builder());
  const { b } = s;
  const [f1, f2] = upBlockShapes(unet).map((shape, i) => b.input(`f${i + 1}`, [n, ...shape]));
  const decoder = [b.input('v0', [ITEMS.anomalies, ...DECODER_SHAPE])];
  const { fine, coarse, running } = packMaskNetwork(s, { upBlocks: [f1, f2], decoder }, 'batch');
  const { loss, terms } = maskLoss(b, {
    fine,
    coarse,
    fineMask: b.input('fine', [n, 1, FINE, FINE]),
    coarseMask: b.input('coarse', [n, 1, COARSE, COARSE]),
  });
  const parameters = new Map([...s.table].filter(([name]) => !isStatistic(name)));
  return { s, b, loss, terms, parameters, state: running };
}

const isStatistic = (name: string) => /running_(mean|var)$/.test(name);

export interface TrainedMasks {
  readonly weights: Record<string, Float32Array>;
  readonly summary: JsonObject;
}

export async function trainMaskNetwork(input: MaskTraining, context: RunContext): Promise<TrainedMasks> {
  const weights = await releasing((hold) => updates(input, context, hold));
  return { weights, summary: await measureMaskAgreement(input, weights) };
}

async function updates(
  input: MaskTraining,
  context: RunContext,
  hold: Hold,
): Promise<Record<string, Float32Array>> {
  const { examples, product, steps, seed, compile } = input;
  const normals = examples.normals.length > 0 ? ITEMS.normals : 0;
  const n = ITEMS.anomalies + normals;
  const program = maskProgram(n, input.networks.unet);
  const { s, parameters, state: running = {} } = program;
  const weights = initialWeights(s.table, (name) => namedRng(seed, `rmp/${name}`));
  for (const name of s.table.keys()) if (name.endsWith('running_var')) weights[name].fill(1);
  const trainable = Object.fromEntries([...parameters.keys()].map((name) => [name, weights[name]]));
  const step = hold(await createStep(program, trainable, { compile }));
  const tap = hold(await FeatureTap.create(input, n, ITEMS.anomalies));
  context.phase('mask network');
  for (let i = 0; i < steps; i++) {
    context.signal.throwIfAborted();
    const rng = namedRng(seed, `mask step ${i}`);
    const items = [
      ...Array.from({ length: ITEMS.anomalies }, () => rng.pick(examples.anomalies)),
      ...Array.from({ length: normals }, () => rng.pick(examples.normals)),
    ];
    const prompts = items.map((e) => (e.type < 0 ? product.normal : product.anomaly[e.type]));
    // Inference reads the last three of 25 steps: low noise levels are seen most.
    const timesteps = items.map(() => Math.floor(1000 * rng.uniform() ** 2));
    const features = await tap.noised(
      items.map((e) => e.latent),
      prompts,
      timesteps,
      rng,
    );
    const statistics = Object.fromEntries(Object.keys(running).map((name) => [name, weights[name]]));
    const batch = { ...features, ...statistics, fine: masksAt(items, FINE), coarse: masksAt(items, COARSE) };
    const lr = warmupCosine(i, steps, RATE, 10);
    const result = await step.step(batch, () => lr);
    for (const [name, value] of Object.entries(result.state)) weights[name].set(value);
    context.progress(i + 1, steps, `focal loss ${result.loss.toFixed(4)}`);
  }
  await step.download();
  return weights;
}
