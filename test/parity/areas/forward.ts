// Parity of forward passes: U-Nets, cross-attention, autoencoders, text encoders, time embedding.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { decodeLatent, encodeImage } from '../../../src/core/nets/autoencoder-kl.ts';
import { clipTextModel } from '../../../src/core/nets/clip-text-model.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { sinusoids } from '../../../src/core/nets/time-embedding.ts';
import { type UnetConfig, type UnetResult, unet } from '../../../src/core/nets/unet-2d-condition.ts';
import {
  type CheckResult,
  checkAbsolute,
  checkClose,
  checkRelMax,
  checkThat,
  notRun,
  TOLERANCE,
} from '../check.ts';
import { type Golden, openGolden } from '../golden.ts';
import {
  type Feeds,
  loadAutoencoder,
  loadText,
  loadUnet,
  type Model,
  modelFolders,
  parameterFeeds,
  readWeights,
  runOnce,
  withAddedTokens,
} from '../models.ts';

export const AREA = 'forward';
/** Half of the last bit of a float16, relative to the largest probability. */
const FLOAT16 = 6e-4;

/** Results of a golden file: what is not an input. */
function resultNames(golden: Golden): string[] {
  return golden.names.filter((name) => !name.startsWith('in.'));
}

/** Runs the values the file asks for and compares each; a name without a value is reported as not run. */
async function* compare(
  label: string,
  golden: Golden,
  names: readonly string[],
  values: Readonly<Record<string, Value>>,
  feeds: Feeds,
  limit: number = TOLERANCE.network,
): AsyncGenerator<CheckResult> {
  const known = names.filter((name) => values[name]);
  const got = await runOnce(Object.fromEntries(known.map((name) => [name, values[name]])), feeds);
  for (const name of names) {
    if (values[name]) yield checkRelMax(AREA, `${label}/${name}`, got[name], golden.float32(name), limit);
    else yield notRun(AREA, `${label}/${name}`, 'no such activation');
  }
}

/** The first model folder whose U-Net takes inputs of this shape. */
function unetFor(dir: string, golden: Golden): Model<UnetConfig> {
  const [, channels] = golden.shape('in.sample');
  const [, , width] = golden.shape('in.encoder_hidden_states');
  const models = modelFolders(dir, 'unet').map((folder) => loadUnet(dir, folder));
  const found = models.find((m) => m.config.inChannels === channels && m.config.crossAttentionDim === width);
  if (!found) throw new Error(`no U-Net for ${channels} channels and text width ${width}`);
  return found;
}

function buildUnet(
  golden: Golden,
  model: Model<UnetConfig>,
): { b: Builder; result: UnetResult; feeds: Feeds } {
  const b = new Builder();
  const s = new Scope(b);
  const inputs = {
    sample: b.input('in.sample', golden.shape('in.sample')),
    timestep: b.input('in.timestep', golden.shape('in.timestep')),
    encoderHiddenStates: b.input('in.encoder_hidden_states', golden.shape('in.encoder_hidden_states')),
  };
  const result = unet(s, inputs, model.config);
  const feeds = {
    ...parameterFeeds(s.table, model.weights),
    'in.sample': golden.float32('in.sample'),
    'in.timestep': Float32Array.from(golden.numbers('in.timestep')),
    'in.encoder_hidden_states': golden.float32('in.encoder_hidden_states'),
  };
  return { b, result, feeds };
}

async function* unetFile(dir: string, label: string, golden: Golden): AsyncGenerator<CheckResult> {
  const { result, feeds } = buildUnet(golden, unetFor(dir, golden));
  const values = { ...result.activations, sample: result.sample };
  yield* compare(label, golden, resultNames(golden), values, feeds);
}

async function* attentionFile(dir: string, label: string, golden: Golden): AsyncGenerator<CheckResult> {
  const { b, result, feeds } = buildUnet(golden, unetFor(dir, golden));
  const paths = result.attention.map((tap) => tap.path);
  const order = golden.meta.order as string[];
  yield checkThat(AREA, `${label}/order`, order.join() === paths.join(), `order is ${paths.join(', ')}`);
  const probabilities = result.attention.map(({ path, q, k }) => {
    const logits = b.mul(b.matmul(q, k, { transB: true }), 1 / Math.sqrt(q.shape[3]));
    return [`probs.${path}`, b.softmax(logits, -1)] as const;
  });
  const maps = resultNames(golden).filter((name) => name.startsWith('probs.'));
  yield* compare(label, golden, maps, Object.fromEntries(probabilities), feeds, FLOAT16);
  const rest = resultNames(golden).filter((name) => !name.startsWith('probs.'));
  yield* compare(label, golden, rest, { sample: result.sample }, feeds);
}

async function* vaeFile(dir: string, label: string, golden: Golden): AsyncGenerator<CheckResult> {
  for (const folder of modelFolders(dir, 'vae')) {
    const { config, weights } = loadAutoencoder(dir, folder);
    const b = new Builder();
    const s = new Scope(b);
    const encoded = encodeImage(s, b.input('in.image', golden.shape('in.image')), config);
    const deviation = b.exp(b.mul(encoded.logVariance, 0.5));
    const noise = b.input('in.noise', golden.shape('in.noise'));
    const z = b.input('in.z', golden.shape('in.z'));
    const decoded = decodeLatent(s, b.mul(z, 1 / config.scalingFactor), config);
    const values = {
      ...encoded.activations,
      ...decoded.activations,
      mean: encoded.mean,
      logvar: encoded.logVariance,
      latents: b.mul(b.add(encoded.mean, b.mul(deviation, noise)), config.scalingFactor),
      decoded: decoded.image,
    };
    const feeds: Feeds = parameterFeeds(s.table, weights);
    for (const name of ['in.image', 'in.noise', 'in.z']) feeds[name] = golden.float32(name);
    yield* compare(`${label}/${folder}`, golden, resultNames(golden), values, feeds);
  }
}

async function* textFile(dir: string, label: string, golden: Golden): AsyncGenerator<CheckResult> {
  const added = golden.float32('token_embedding.added');
  const names = resultNames(golden).filter((n) => n !== 'input_ids' && n !== 'token_embedding.added');
  for (const folder of modelFolders(dir, 'text_encoder')) {
    const { config, weights } = loadText(dir, folder);
    const b = new Builder();
    const s = new Scope(b);
    const ids = b.input('input_ids', golden.shape('input_ids'), 'int32');
    const result = clipTextModel(s, ids, config, { addedTokens: golden.shape('token_embedding.added')[0] });
    const values: Record<string, Value> = {
      last_hidden_state: result.lastHiddenState,
      pooler_output: result.poolerOutput,
    };
    result.hiddenStates.forEach((v, i) => {
      values[`hidden_states.${i}`] = v;
    });
    const penultimate = result.hiddenStates.at(-2);
    if (penultimate) values['hidden_states.penultimate'] = penultimate;
    const feeds = {
      ...parameterFeeds(s.table, withAddedTokens(weights, added)),
      input_ids: golden.int32('input_ids'),
    };
    yield* compare(`${label}/${folder}`, golden, names, values, feeds);
  }
}

/** Sinusoids of the schedule file; its betas are the samplers' business. */
async function* timeFile(_dir: string, label: string, golden: Golden): AsyncGenerator<CheckResult> {
  const names = golden.names.filter((name) => name.startsWith('time_proj'));
  const b = new Builder();
  const t = b.input('timesteps', golden.shape('timesteps'));
  const values = Object.fromEntries(
    names.map((name) => [name, sinusoids(new Scope(b), t, golden.shape(name)[1])]),
  );
  const got = await runOnce(values, { timesteps: Float32Array.from(golden.numbers('timesteps')) });
  for (const name of names) {
    // diffusers' own float32 is off by 5e-5 itself.
    const limit = name.includes('fp32') ? 1e-4 : 1e-6;
    yield checkAbsolute(AREA, `${label}/${name}`, got[name], golden.float32(name), limit);
  }
}

/** Half-precision variants of weights beside the full ones: equal after rounding. */
function* halfVariants(dir: string): Generator<CheckResult> {
  for (const folder of modelFolders(dir, 'unet')) {
    const path = join(dir, folder, 'unet/diffusion_pytorch_model');
    if (!existsSync(`${path}.fp16.safetensors`)) continue;
    const [half, full] = [readWeights(`${path}.fp16.safetensors`), readWeights(`${path}.safetensors`)];
    const names = Object.keys(full);
    const [got, gold] = [half, full].map((w) => names.flatMap((name) => [...(w[name] ?? [])]));
    yield checkClose(AREA, `weights/${folder}.fp16`, got, gold, { rtol: 2 ** -11, atol: 2 ** -25 });
  }
}

const FILES: readonly [RegExp, (dir: string, label: string, golden: Golden) => AsyncIterable<CheckResult>][] =
  [
    [/^unet.*$/, unetFile],
    [/^attention$/, attentionFile],
    [/^vae$/, vaeFile],
    [/^text$/, textFile],
    [/^schedule$/, timeFile],
  ];

export async function* run(dir: string): AsyncGenerator<CheckResult> {
  yield* halfVariants(dir);
  for (const file of readdirSync(join(dir, 'forward')).toSorted()) {
    if (!file.endsWith('.safetensors')) continue;
    const label = file.slice(0, -'.safetensors'.length);
    const check = FILES.find(([pattern]) => pattern.test(label))?.[1];
    if (!check) {
      yield notRun(AREA, label, 'no check knows this file');
      continue;
    }
    const golden = openGolden(dir, `forward/${file}`);
    yield* check(dir, label, golden);
    golden.close();
  }
}
