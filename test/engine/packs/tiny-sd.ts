// Stable Diffusion 1.x models of a few thousand numbers, written by the tests in every layout that is read.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { namedRng } from '../../../src/core/base/rng.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../../src/core/diffusion/noise-schedule.ts';
import { ldmTextNames, ldmUnetName, ldmVaeName } from '../../../src/core/formats/ldm-names.ts';
import { type TensorToWrite, writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { parseAutoencoderConfig } from '../../../src/core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { autoencoderTable, textTable, unetTable } from '../../../src/core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';
import { floatToHalf, halfToFloat } from '../../../src/core/tensor/half.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';
import { byteLetters } from '../../../src/core/text/byte-alphabet.ts';

export const MERGES = ['a b', 'd e', 'de f', 'def ect</w>', 'e c', 'ec t</w>', 'o n'];
const LETTERS = byteLetters();
export const VOCABULARY = [
  ...LETTERS,
  ...LETTERS.map((l) => `${l}</w>`),
  ...MERGES.map((m) => m.replace(' ', '')),
  '<|startoftext|>',
  '<|endoftext|>',
];

export const UNET_JSON = {
  _class_name: 'UNet2DConditionModel',
  in_channels: 4,
  out_channels: 4,
  sample_size: 4,
  block_out_channels: [8, 16],
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  layers_per_block: 1,
  attention_head_dim: 2,
  norm_num_groups: 4,
  cross_attention_dim: 8,
};
export const VAE_JSON = {
  _class_name: 'AutoencoderKL',
  block_out_channels: [4, 8],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  layers_per_block: 1,
  norm_num_groups: 2,
};
export const TEXT_JSON = {
  architectures: ['CLIPTextModel'],
  model_type: 'clip_text_model',
  vocab_size: VOCABULARY.length,
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 77,
  bos_token_id: VOCABULARY.length - 2,
  eos_token_id: VOCABULARY.length - 1,
  pad_token_id: VOCABULARY.length - 1,
};
export const SCHEDULER_JSON = {
  _class_name: 'PNDMScheduler',
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
  num_train_timesteps: 1000,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
};
const INDEX_JSON = {
  _class_name: 'StableDiffusionPipeline',
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  scheduler: ['diffusers', 'PNDMScheduler'],
  safety_checker: [null, null],
  feature_extractor: [null, null],
  image_encoder: [null, null],
  requires_safety_checker: false,
};

/** Small numbers that fp16 holds exactly, so that fp16 and fp32 files hold the same model. */
export function halfExactWeights(table: ParameterTable, seed: number): Record<string, Float32Array> {
  return Object.fromEntries(
    [...table].map(([name, { shape }]) => {
      const rng = namedRng(seed, name);
      const isNorm = shape.length === 1 && name.endsWith('weight');
      const data = Float32Array.from({ length: sizeOf(shape) }, () => (isNorm ? 1 : 0) + 0.2 * rng.normal());
      return [name, halfToFloat(floatToHalf(data))];
    }),
  );
}

export interface TinyOptions {
  readonly dtype?: 'F32' | 'F16';
  /** Adds `.VARIANT` to the names of weights. */
  readonly variant?: string;
  /** Cuts the U-Net into this many files with an index. */
  readonly shards?: number;
  /** Old names of the autoencoder's attention, and no scaling_factor. */
  readonly oldVae?: boolean;
  /** As transformers 5 writes: no `text_model.`, one tokenizer.json. */
  readonly tf5?: boolean;
  readonly inpainting?: boolean;
  readonly index?: Record<string, unknown>;
}

export interface TinyModel {
  readonly unet: ParameterTable;
  readonly vae: ParameterTable;
  readonly text: ParameterTable;
  readonly weights: Readonly<Record<'unet' | 'vae' | 'text', Record<string, Float32Array>>>;
}

const unetJson = (options: TinyOptions) =>
  options.inpainting ? { ...UNET_JSON, in_channels: 9 } : UNET_JSON;

export function tinyModel(options: TinyOptions = {}, seed = 1): TinyModel {
  const unet = unetTable(parseUnetConfig(unetJson(options)));
  const vae = autoencoderTable(parseAutoencoderConfig(VAE_JSON));
  const text = textTable(parseClipTextConfig(TEXT_JSON));
  const weights = {
    unet: halfExactWeights(unet, seed),
    vae: halfExactWeights(vae, seed),
    text: halfExactWeights(text, seed),
  };
  return { unet, vae, text, weights };
}

export function tensorsOf(
  table: ParameterTable,
  weights: Readonly<Record<string, Float32Array>>,
  dtype: 'F32' | 'F16' = 'F32',
  rename: (name: string) => string = (name) => name,
): TensorToWrite[] {
  return [...table].map(([name, { shape }]) => ({ name: rename(name), dtype, shape, data: weights[name] }));
}

export function put(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const OLD_VAE: Readonly<Record<string, string>> = {
  to_q: 'query',
  to_k: 'key',
  to_v: 'value',
  'to_out.0': 'proj_attn',
};
const oldVaeName = (name: string) =>
  name.replace(
    /(attentions\.\d+\.)(to_q|to_k|to_v|to_out\.0)\./,
    (_, head, part) => `${head}${OLD_VAE[part]}.`,
  );

function putShards(folder: string, tensors: readonly TensorToWrite[], count: number): void {
  const map: Record<string, string> = {};
  for (let k = 0; k < count; k++) {
    const number = (n: number) => String(n).padStart(5, '0');
    const file = `diffusion_pytorch_model-${number(k + 1)}-of-${number(count)}.safetensors`;
    const own = tensors.filter((_, i) => i % count === k);
    for (const { name } of own) map[name] = file;
    put(join(folder, file), writeSafetensors(own));
  }
  put(
    join(folder, 'diffusion_pytorch_model.safetensors.index.json'),
    JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }),
  );
}

function putTokenizer(folder: string, tf5: boolean): void {
  const vocab = Object.fromEntries(VOCABULARY.map((token, id) => [token, id]));
  const config = { tokenizer_class: 'CLIPTokenizer', model_max_length: 77, pad_token: '<|endoftext|>' };
  put(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  if (tf5) {
    const model = { type: 'BPE', vocab, merges: MERGES.map((m) => m.split(' ')), end_of_word_suffix: '</w>' };
    put(join(folder, 'tokenizer.json'), JSON.stringify({ model, added_tokens: [] }));
    return;
  }
  put(join(folder, 'vocab.json'), JSON.stringify(vocab));
  put(join(folder, 'merges.txt'), ['#version: 0.2', ...MERGES, ''].join('\n'));
}

/** Writes a diffusers folder; returns it. */
export function writeTinySd(folder: string, options: TinyOptions = {}, model = tinyModel(options)): string {
  const { dtype = 'F32', variant } = options;
  const name = (stem: string) => `${stem}${variant ? `.${variant}` : ''}.safetensors`;
  const json = (file: string, value: unknown) => put(join(folder, file), JSON.stringify(value));
  json('model_index.json', { ...INDEX_JSON, ...options.index });
  json('unet/config.json', unetJson(options));
  json('vae/config.json', options.oldVae ? VAE_JSON : { ...VAE_JSON, scaling_factor: 0.18215 });
  json('text_encoder/config.json', TEXT_JSON);
  json('scheduler/scheduler_config.json', SCHEDULER_JSON);
  const unet = tensorsOf(model.unet, model.weights.unet, dtype);
  if (options.shards) putShards(join(folder, 'unet'), unet, options.shards);
  else put(join(folder, 'unet', name('diffusion_pytorch_model')), writeSafetensors(unet));
  const vae = tensorsOf(model.vae, model.weights.vae, dtype, options.oldVae ? oldVaeName : undefined);
  put(join(folder, 'vae', name('diffusion_pytorch_model')), writeSafetensors(vae));
  const textName = options.tf5 ? (n: string) => n.replace('text_model.', '') : undefined;
  const text = tensorsOf(model.text, model.weights.text, dtype, textName);
  const ids = BigInt64Array.from({ length: 77 }, (_, i) => BigInt(i));
  text.push({ name: 'text_model.embeddings.position_ids', dtype: 'I64', shape: [1, 77], data: ids });
  put(join(folder, 'text_encoder', name('model')), writeSafetensors(text));
  putTokenizer(join(folder, 'tokenizer'), options.tf5 ?? false);
  return folder;
}

/** Writes the same model as one original-layout file; returns it. */
export function writeTinyLdm(
  file: string,
  options: TinyOptions = {},
  extra: readonly TensorToWrite[] = [],
  metadata: Record<string, string> = {},
): string {
  const { dtype = 'F16' } = options;
  const model = tinyModel(options);
  const layout = { layersPerBlock: [1, 1], upAttention: [false, true] };
  const { betas } = noiseSchedule(stableDiffusionSchedule());
  const tensors = [
    ...tensorsOf(model.unet, model.weights.unet, dtype, (n) => ldmUnetName(n, layout)),
    ...tensorsOf(model.vae, model.weights.vae, dtype, (n) => ldmVaeName(n, 2)),
    ...tensorsOf(model.text, model.weights.text, dtype, (n) => ldmTextNames(n)[0]),
    { name: 'betas', dtype, shape: [1000], data: Float32Array.from(betas) },
    ...extra,
  ];
  put(file, writeSafetensors(tensors, metadata));
  return file;
}
