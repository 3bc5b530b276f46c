// Parity of AnoGen's and AnomalySD's training losses with their gradients, and of the perceptual distance.

import { gradients } from '../../src/core/autodiff/gradients.ts';
import { addNoise } from '../../src/core/diffusion/noising.ts';
import { levelAt } from '../../src/core/diffusion/parametrisation.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Value } from '../../src/core/graph/value.ts';
import { decodeLatent, encodeImage } from '../../src/core/nets/autoencoder-kl.ts';
import { clipTextModel } from '../../src/core/nets/clip-text-model.ts';
import { type LpipsWidths, lpips } from '../../src/core/nets/lpips.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { unet } from '../../src/core/nets/unet-2d-condition.ts';
import { embeddingLoss, latentRegion } from '../../src/core/recipes/anogen/embedding-loss.ts';
import { decoderLoss, inpaintingLoss, inpaintingSample } from '../../src/core/recipes/anomalysd/losses.ts';
import { type CheckResult, checkAbsolute, checkRelMax, notRun, TOLERANCE } from './check.ts';
import { type Golden, openGolden, readJson } from './golden.ts';
import { checkGradient, checkSummary, type GradientLimits, type Summary } from './gradient-checks.ts';
import {
  type Feeds,
  loadAutoencoder,
  loadText,
  loadUnet,
  modelFolders,
  parameterFeeds,
  runOnce,
  type Weights,
} from './models.ts';
import { modelFolder, modelScheduler } from './sampler-index.ts';

const AREA = 'gradients';
const LIMITS: GradientLimits = {
  limit: TOLERANCE.otherGradient,
  tinyLimit: TOLERANCE.otherGradient,
  tinyNorm: 0,
  zero: 1e-7,
};

/** Latents at each item's own timestep. */
function noised(dir: string, golden: Golden): Float32Array {
  const { alphasCumprod } = modelScheduler(dir).schedule;
  const timesteps = golden.int32('timesteps');
  const size = golden.float32('latents').length / timesteps.length;
  const part = (name: string, i: number): Float32Array =>
    golden.float32(name).subarray(i * size, (i + 1) * size);
  const out = new Float32Array(size * timesteps.length);
  timesteps.forEach((t, i) => {
    out.set(addNoise(part('latents', i), part('noise', i), levelAt(alphasCumprod[t])), i * size);
  });
  return out;
}

/** Adds `grad.NAME` for what the loss depends on. */
function addGradients(b: Builder, outputs: Record<string, Value>, wrt: ReadonlyMap<string, Value>): void {
  const values = gradients(b, outputs.loss, [...wrt.values()]);
  [...wrt.keys()].forEach((name, i) => {
    const value = values[i];
    if (value) outputs[`grad.${name}`] = value;
  });
}

/** Tensors of the file that no check looked at. */
function* unread(label: string, golden: Golden): Generator<CheckResult> {
  for (const name of golden.unread()) yield notRun(AREA, `${label}/${name}`, 'no check reads this tensor');
  golden.close();
}

async function* anogen(dir: string): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, 'gradients/anogen.safetensors');
  const folder = modelFolder(dir);
  const [text, net] = [loadText(dir, folder), loadUnet(dir, folder)];
  const [, , height, width] = golden.shape('box');
  const [, , h, w] = golden.shape('latents');
  const region = latentRegion({ data: golden.float32('box'), height, width }, h, w);
  yield checkAbsolute(AREA, 'anogen/mask_latent', region.data, golden.float32('mask_latent'), 0);

  const b = new Builder();
  const [su, st] = [new Scope(b, 'unet.'), new Scope(b, 'text.')];
  const row = b.input('embedding', golden.shape('embedding'));
  const ids = b.input('input_ids', golden.shape('input_ids'), 'int32');
  const replaced = { id: Number(golden.meta.placeholder_id), row };
  const { lastHiddenState } = clipTextModel(st, ids, text.config, { replaced });
  const shape = golden.shape('latents');
  const [sample, target] = [b.input('z_t', shape), b.input('noise', shape)];
  const timestep = b.input('timesteps', [shape[0]]);
  const prediction = unet(su, { sample, timestep, encoderHiddenStates: lastHiddenState }, net.config).sample;
  const mask = b.input('region', golden.shape('mask_latent'));
  const outputs: Record<string, Value> = { prediction, loss: embeddingLoss(b, prediction, target, mask) };
  addGradients(b, outputs, new Map([['embedding', row]]));
  const got = await runOnce(outputs, {
    ...parameterFeeds(su.table, net.weights),
    ...parameterFeeds(st.table, text.weights),
    embedding: golden.float32('embedding'),
    input_ids: golden.int32('input_ids'),
    z_t: noised(dir, golden),
    noise: golden.float32('noise'),
    timesteps: Float32Array.from(golden.int32('timesteps')),
    region: region.data,
  });
  const gold = golden.float32('prediction');
  yield checkRelMax(AREA, 'anogen/prediction', got.prediction, gold, TOLERANCE.network);
  yield checkAbsolute(AREA, 'anogen/loss', got.loss, golden.float32('loss'), TOLERANCE.seasLoss);
  const name = 'grad.embedding';
  yield checkGradient(`anogen/${name}`, got[name] ?? [], golden.float32(name), LIMITS);
  yield* unread('anogen', golden);
}

interface SummaryJson {
  readonly loss: number;
  readonly per_parameter_norm_sum_maxabs: Readonly<Record<string, Summary>>;
}

async function* anomalysdUnet(dir: string): AsyncGenerator<CheckResult> {
  const label = 'anomalysd_unet';
  const golden = openGolden(dir, `gradients/${label}.safetensors`);
  const json = readJson<SummaryJson>(dir, `gradients/${label}.json`);
  const inputs = ['latents', 'mask', 'masked_latents'].map((name) => golden.shape(name));
  const channels = inputs.reduce((sum, [, c]) => sum + c, 0);
  const net = modelFolders(dir, 'unet')
    .map((folder) => loadUnet(dir, folder))
    .find(({ config }) => config.inChannels === channels);
  if (!net) {
    yield notRun(AREA, label, `the folder has no U-Net for ${channels} channels`);
    return;
  }
  const b = new Builder();
  const s = new Scope(b);
  const [noisy, hole, maskedLatent] = ['z_t', 'mask', 'masked_latents'].map((name, i) =>
    b.input(name, inputs[i]),
  );
  const sample = inpaintingSample(b, { noisy, hole, maskedLatent });
  const timestep = b.input('timesteps', golden.shape('timesteps'));
  const encoderHiddenStates = b.input('text', golden.shape('encoder_hidden_states'));
  const prediction = unet(s, { sample, timestep, encoderHiddenStates }, net.config).sample;
  const outputs: Record<string, Value> = {
    loss: inpaintingLoss(b, prediction, b.input('noise', golden.shape('noise'))),
  };
  addGradients(b, outputs, s.table);
  const feeds: Feeds = {
    ...parameterFeeds(s.table, net.weights),
    z_t: noised(dir, golden),
    timesteps: Float32Array.from(golden.int32('timesteps')),
    text: golden.float32('encoder_hidden_states'),
  };
  for (const name of ['mask', 'masked_latents', 'noise']) feeds[name] = golden.float32(name);
  const got = await runOnce(outputs, feeds);
  yield checkAbsolute(AREA, `${label}/loss`, got.loss, golden.float32('loss'), TOLERANCE.seasLoss);
  for (const name of golden.names.filter((n) => n.startsWith('grad.')))
    yield checkGradient(`${label}/${name}`, got[name] ?? [], golden.float32(name), LIMITS);
  for (const [name, summary] of Object.entries(json.per_parameter_norm_sum_maxabs))
    yield checkSummary(`${label}/summary.${name}`, got[`grad.${name}`] ?? [], summary, LIMITS);
  yield* unread(label, golden);
}

async function* anomalysdDecoder(dir: string): AsyncGenerator<CheckResult> {
  const label = 'anomalysd_decoder';
  const golden = openGolden(dir, `gradients/${label}.safetensors`);
  const vae = loadAutoencoder(dir, modelFolder(dir));
  const b = new Builder();
  const s = new Scope(b);
  const picture = b.input('image', golden.shape('image'));
  const latent = b.stopGradient(encodeImage(s, picture, vae.config).mean);
  const encoderNames = new Set(s.table.keys());
  const decoded = decodeLatent(s, latent, vae.config).image;
  const outputs: Record<string, Value> = { loss: decoderLoss(b, picture, decoded) };
  addGradients(b, outputs, new Map([...s.table].filter(([name]) => !encoderNames.has(name))));
  const feeds = { ...parameterFeeds(s.table, vae.weights), image: golden.float32('image') };
  const got = await runOnce(outputs, feeds);
  yield checkAbsolute(AREA, `${label}/loss`, got.loss, golden.float32('loss'), TOLERANCE.seasLoss);
  for (const name of golden.names.filter((n) => n.startsWith('grad.')))
    yield checkGradient(`${label}/${name}`, got[name] ?? [], golden.float32(name), LIMITS);
  yield* unread(label, golden);
}

async function* lpipsFile(dir: string, label: string): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, `gradients/${label}.safetensors`);
  const weights: Weights = {};
  for (const name of golden.names.filter((n) => n.startsWith('weight.')))
    weights[name.slice('weight.'.length)] = golden.float32(name);
  const widths = [0, 1, 2, 3, 4].map((i) => golden.shape(`weight.lin.${i}`)[0]) as unknown as LpipsWidths;
  const b = new Builder();
  const s = new Scope(b);
  const [x, y] = ['in.x', 'in.y'].map((name) => b.input(name, golden.shape(name)));
  const distance = lpips(s, x, y, widths);
  const [gradient] = gradients(b, b.mean(distance, 'all'), [y]);
  const got = await runOnce(
    { distance, ...(gradient ? { gradient } : {}) },
    {
      ...parameterFeeds(s.table, weights),
      'in.x': golden.float32('in.x'),
      'in.y': golden.float32('in.y'),
    },
  );
  yield checkRelMax(AREA, `${label}/distance`, got.distance, golden.float32('distance'), TOLERANCE.network);
  const name = 'grad.y_of_mean';
  yield checkGradient(`${label}/${name}`, got.gradient ?? [], golden.float32(name), LIMITS);
  yield* unread(label, golden);
}

/** By file name without its ending. */
export const METHOD_CHECKS: Readonly<
  Record<string, (dir: string, label: string) => AsyncIterable<CheckResult>>
> = {
  anogen,
  anomalysd_unet: anomalysdUnet,
  anomalysd_decoder: anomalysdDecoder,
  lpips_tiny: lpipsFile,
};
