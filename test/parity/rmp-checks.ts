// Parity of the mask network: forward, loss, gradients, running statistics, inference in both norm modes.

import { gradients } from '../../src/core/autodiff/gradients.ts';
import { ddpmStep } from '../../src/core/diffusion/samplers/ddpm.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Value } from '../../src/core/graph/value.ts';
import { decodeLatent } from '../../src/core/nets/autoencoder-kl.ts';
import { isTrained, type NormMode } from '../../src/core/nets/batch-norm-layer.ts';
import { type RmpConfig, type RmpResult, rmp, rmpInputs } from '../../src/core/nets/rmp.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { unet } from '../../src/core/nets/unet-2d-condition.ts';
import { coarseMask, maskLoss } from '../../src/core/recipes/seas/mask-loss.ts';
import { type CheckResult, checkAbsolute, checkRelMax, checkThat, TOLERANCE } from './check.ts';
import { type Golden, openGolden, readJson } from './golden.ts';
import { checkGradient, checkSummary, type GradientLimits, type Summary } from './gradient-checks.ts';
import { type Feeds, loadAutoencoder, loadUnet, parameterFeeds, runOnce, type Weights } from './models.ts';
import { modelFolder, modelScheduler } from './sampler-index.ts';

const AREA = 'gradients';
const LIMITS: GradientLimits = {
  limit: TOLERANCE.otherGradient,
  tinyLimit: TOLERANCE.otherGradient,
  tinyNorm: 0,
  zero: 1e-7,
};

interface RmpJson {
  readonly loss: number;
  readonly loss_fine: number;
  readonly loss_coarse: number;
  readonly zero_gradient: readonly string[];
  readonly per_parameter_norm_sum_maxabs: Readonly<Record<string, Summary>>;
}

function readConfig(dir: string): RmpConfig {
  type Numbers = { c1: number; c2: number; heads: number; groups: number; layers: number };
  const { rmp: c } = readJson<{ config: { rmp: Numbers } }>(dir, 'manifest.json').config;
  return { channels: [c.c1, c.c2], heads: c.heads, groups: c.groups, layers: c.layers };
}

/** The network on the file's inputs; `items` > 0 keeps only the first items (inference). */
function build(s: Scope, golden: Golden, config: RmpConfig, mode: NormMode, items = 0): RmpResult {
  const input = (name: string): Value => {
    const value = s.b.input(name, golden.shape(name));
    return items > 0 ? s.b.narrow(value, 0, 0, items) : value;
  };
  const decoder = golden.names
    .filter((name) => /^in\.V\d+$/.test(name))
    .toSorted((x, y) => Number(x.slice(4)) - Number(y.slice(4)))
    .map(input);
  return rmp(s, { f1: input('in.F1'), f2: input('in.F2'), decoder }, config, mode);
}

function feedsOf(golden: Golden, s: Scope): Feeds {
  const weights: Weights = {};
  const feeds: Feeds = {};
  for (const name of golden.names) {
    if (name.startsWith('weight.')) weights[name.slice('weight.'.length)] = golden.float32(name);
    if (name.startsWith('in.')) feeds[name] = golden.float32(name);
  }
  return { ...feeds, ...parameterFeeds(s.table, weights) };
}

async function* training(
  golden: Golden,
  config: RmpConfig,
  json: RmpJson,
  grads: Golden,
): AsyncGenerator<CheckResult> {
  const b = new Builder();
  const s = new Scope(b);
  const result = build(s, golden, config, 'batch');
  const masks = ['fine', 'coarse'].map((k) => b.input(`in.mask_${k}`, golden.shape(`in.mask_${k}`)));
  const { fine, coarse } = result;
  const { loss, terms } = maskLoss(b, { fine, coarse, fineMask: masks[0], coarseMask: masks[1] });
  const outputs: Record<string, Value> = { loss, loss_fine: terms.fine, loss_coarse: terms.coarse };
  Object.assign(outputs, { P_fine: fine, P_coarse: coarse, H_coarse: result.features[0] });
  result.features.slice(1).forEach((h, i) => {
    outputs[`H_${i + 1}`] = h;
  });
  for (const [name, value] of Object.entries(result.running)) outputs[`after.${name}`] = value;
  const trained = [...s.table.keys()].filter(isTrained);
  const values = gradients(
    b,
    loss,
    trained.map((name) => s.table.get(name) as Value),
  );
  const withGradient = new Set<string>();
  trained.forEach((name, i) => {
    const value = values[i];
    if (!value) return;
    outputs[`grad.${name}`] = value;
    withGradient.add(name);
  });
  const got = await runOnce(outputs, feedsOf(golden, s));
  for (const name of ['loss', 'loss_fine', 'loss_coarse'] as const)
    yield checkAbsolute(AREA, `rmp/${name}`, got[name], [json[name]], TOLERANCE.seasLoss);
  for (const name of golden.names.filter((n) => /^(P_|H_|after\.)/.test(n))) {
    // A statistic that no call updates stays as it was stored.
    const value = got[name] ?? golden.float32(name.replace(/^after/, 'weight'));
    yield checkRelMax(AREA, `rmp/${name}`, value, golden.float32(name), TOLERANCE.network);
  }
  const zero = trained.filter((name) => !withGradient.has(name));
  yield checkThat(
    AREA,
    'rmp/zero_gradient',
    zero.toSorted().join() === json.zero_gradient.toSorted().join(),
    zero.join(),
  );
  for (const [name, summary] of Object.entries(json.per_parameter_norm_sum_maxabs))
    if (withGradient.has(name))
      yield checkSummary(`rmp/summary.${name}`, got[`grad.${name}`], summary, LIMITS);
  for (const name of grads.names)
    yield checkGradient(`rmp_grad/${name}`, got[`grad.${name}`] ?? [], grads.float32(name), LIMITS);
}

async function* inference(golden: Golden, config: RmpConfig): AsyncGenerator<CheckResult> {
  for (const [mode, name] of [
    ['batch', 'infer.train_mode_batch2'],
    ['running', 'infer.eval_mode'],
  ] as const) {
    const s = new Scope(new Builder());
    const { fine } = build(s, golden, config, mode, golden.shape(name)[0]);
    const got = await runOnce({ fine }, feedsOf(golden, s));
    yield checkRelMax(AREA, `rmp/${name}`, got.fine, golden.float32(name), TOLERANCE.network);
  }
}

/** The coarse target as the product makes it from the fine one. */
function* masks(golden: Golden): Generator<CheckResult> {
  const [, , height, width] = golden.shape('in.mask_fine');
  const [, , h, w] = golden.shape('in.mask_coarse');
  const got = coarseMask({ data: golden.float32('in.mask_fine'), height, width }, h, w);
  yield checkAbsolute(AREA, 'rmp/mask_coarse', got.data, golden.float32('in.mask_coarse'), 1e-6);
}

/** The features the file's network reads, made from z_t as training makes them: U-Net, one DDPM step, decoder. */
async function* featureChecks(dir: string, golden: Golden): AsyncGenerator<CheckResult> {
  const folder = modelFolder(dir);
  const [net, vae] = [loadUnet(dir, folder), loadAutoencoder(dir, folder)];
  const b = new Builder();
  const [su, sv] = [new Scope(b, 'unet.'), new Scope(b, 'vae.')];
  const sample = b.input('z_t', golden.shape('z_t'));
  const timestep = b.input('timesteps', golden.shape('timesteps'));
  const encoderHiddenStates = b.input('text', golden.shape('encoder_hidden_states'));
  const denoised = unet(su, { sample, timestep, encoderHiddenStates }, net.config);
  const latent = b.input('z_prev', golden.shape('z_prev'));
  const decoded = decodeLatent(sv, b.div(latent, vae.config.scalingFactor), vae.config);
  const decoderWeights = Object.fromEntries(
    Object.entries(vae.weights).filter(([name]) => sv.table.has(name)),
  );
  const inputs = rmpInputs(denoised.upBlocks, decoded.upBlocks, sample.shape[2]);
  const outputs: Record<string, Value> = { 'in.F1': inputs.f1, 'in.F2': inputs.f2, eps: denoised.sample };
  inputs.decoder.forEach((v, i) => {
    outputs[`in.V${i}`] = v;
  });
  const timesteps = golden.int32('timesteps');
  const got = await runOnce(outputs, {
    ...parameterFeeds(su.table, net.weights),
    ...parameterFeeds(sv.table, decoderWeights),
    z_t: golden.float32('z_t'),
    timesteps: Float32Array.from(timesteps),
    text: golden.float32('encoder_hidden_states'),
    z_prev: golden.float32('z_prev'),
  });
  for (const name of Object.keys(outputs).filter((n) => golden.has(n)))
    yield checkRelMax(AREA, `rmp/${name}`, got[name], golden.float32(name), TOLERANCE.network);
  const { alphasCumprod } = modelScheduler(dir).schedule;
  const items = golden.shape('z_prev')[0];
  const size = golden.float32('z_prev').length / items;
  const part = (x: ArrayLike<number>, i: number): Float32Array =>
    (x as Float32Array).subarray(i * size, (i + 1) * size);
  const previous = Array.from({ length: items }, (_, i) => {
    const t = timesteps[i];
    const level = { abar: alphasCumprod[t], abarPrevious: t > 0 ? alphasCumprod[t - 1] : 1 };
    const options = { predictionType: 'epsilon', varianceType: 'fixed_small', clip: null, ...level } as const;
    const noise = t > 0 ? part(golden.float32('ancestral_noise'), i) : undefined;
    return [...ddpmStep(options, part(golden.float32('z_t'), i), part(got.eps as Float32Array, i), noise)];
  }).flat();
  yield checkRelMax(AREA, 'rmp/z_prev', previous, golden.float32('z_prev'), TOLERANCE.network);
}

export async function* rmpChecks(dir: string): AsyncGenerator<CheckResult> {
  const config = readConfig(dir);
  const json = readJson<RmpJson>(dir, 'gradients/rmp.json');
  const golden = openGolden(dir, 'gradients/rmp.safetensors');
  const grads = openGolden(dir, 'gradients/rmp_grad.safetensors');
  yield* masks(golden);
  yield* featureChecks(dir, golden);
  yield* training(golden, config, json, grads);
  yield* inference(golden, config);
  golden.close();
  grads.close();
}
