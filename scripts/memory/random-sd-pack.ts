// A Stable Diffusion 1.x folder of full size with random weights: what memory and time are measured on where no
// real model is at hand. Half floats, 2.1 GB.

import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedRng } from '../../src/core/base/rng.ts';
import { safetensorsChunks, type TensorToWrite } from '../../src/core/formats/safetensors-write.ts';
import { parseAutoencoderConfig } from '../../src/core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../src/core/nets/clip-text-model.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import { autoencoderTable, textTable, unetTable } from '../../src/core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../src/core/nets/unet-2d-condition.ts';

const CROSS = 'CrossAttnDownBlock2D';
const CROSS_UP = 'CrossAttnUpBlock2D';
/** As Stable Diffusion 1.5 says it. */
export const SD_UNET = {
  _class_name: 'UNet2DConditionModel',
  sample_size: 64,
  in_channels: 4,
  out_channels: 4,
  layers_per_block: 2,
  block_out_channels: [320, 640, 1280, 1280],
  down_block_types: [CROSS, CROSS, CROSS, 'DownBlock2D'],
  up_block_types: ['UpBlock2D', CROSS_UP, CROSS_UP, CROSS_UP],
  cross_attention_dim: 768,
  attention_head_dim: 8,
};
export const SD_TEXT = {
  model_type: 'clip_text_model',
  vocab_size: 49408,
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  max_position_embeddings: 77,
  hidden_act: 'quick_gelu',
  eos_token_id: 49407,
};
export const SD_AUTOENCODER = {
  _class_name: 'AutoencoderKL',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  layers_per_block: 2,
  norm_num_groups: 32,
  latent_channels: 4,
  scaling_factor: 0.18215,
};
const SCHEDULER = {
  _class_name: 'DDIMScheduler',
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
  num_train_timesteps: 1000,
  prediction_type: 'epsilon',
};

async function writeWeights(file: string, table: ParameterTable, seed: number): Promise<void> {
  const weights = initialWeights(table, (name) => namedRng(seed, name));
  const tensors = [...table].map(
    ([name, { shape }]): TensorToWrite => ({ name, dtype: 'F16', shape: [...shape], data: weights[name] }),
  );
  const stream = createWriteStream(file);
  for (const chunk of safetensorsChunks(tensors)) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Makes the folder unless it is there. */
export async function randomSdPack(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const part = `${folder}.part`;
  const json = (path: string, value: object): void => writeFileSync(join(part, path), JSON.stringify(value));
  const nets = [
    ['unet', SD_UNET, unetTable(parseUnetConfig(SD_UNET)), 'diffusion_pytorch_model.safetensors'],
    [
      'vae',
      SD_AUTOENCODER,
      autoencoderTable(parseAutoencoderConfig(SD_AUTOENCODER)),
      'diffusion_pytorch_model.safetensors',
    ],
    ['text_encoder', SD_TEXT, textTable(parseClipTextConfig(SD_TEXT)), 'model.safetensors'],
  ] as const;
  for (const [name, config, table, file] of nets) {
    mkdirSync(join(part, name), { recursive: true });
    json(`${name}/config.json`, config);
    await writeWeights(join(part, name, file), table, 1);
  }
  mkdirSync(join(part, 'scheduler'), { recursive: true });
  json('scheduler/scheduler_config.json', SCHEDULER);
  json('model_index.json', { _class_name: 'StableDiffusionPipeline' });
  renameSync(part, folder);
}
