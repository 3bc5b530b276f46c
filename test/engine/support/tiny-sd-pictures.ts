// A Stable Diffusion folder of real structure that trains on pictures in seconds: 64 px, latents of 8, cross-attention
// at 8, 4 and 2, an autoencoder with three doublings. Untrained weights that keep activations of unit size.

import { join } from 'node:path';
import { namedRng } from '../../../src/core/base/rng.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { parseAutoencoderConfig } from '../../../src/core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { initialWeights } from '../../../src/core/nets/init.ts';
import { autoencoderTable, textTable, unetTable } from '../../../src/core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';
import {
  put,
  SCHEDULER_JSON,
  TEXT_JSON,
  tensorsOf,
  UNET_JSON,
  VAE_JSON,
  writeTinySd,
} from '../packs/tiny-sd.ts';

const CROSS = 'CrossAttnDownBlock2D';
const CROSS_UP = 'CrossAttnUpBlock2D';
const UNET = {
  ...UNET_JSON,
  sample_size: 8,
  block_out_channels: [8, 8, 16, 16],
  down_block_types: [CROSS, CROSS, CROSS, 'DownBlock2D'],
  up_block_types: ['UpBlock2D', CROSS_UP, CROSS_UP, CROSS_UP],
};
const VAE = {
  ...VAE_JSON,
  block_out_channels: [4, 4, 8, 8],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  scaling_factor: 0.18215,
};

const weightsOf = (table: ParameterTable) => initialWeights(table, (name) => namedRng(1, name));

/** Writes the folder; returns it. */
export function writeTinyPictures(folder: string, { inpainting = false } = {}): string {
  writeTinySd(folder);
  const unet = { ...UNET, in_channels: inpainting ? 9 : 4 };
  const json = (file: string, value: unknown) => put(join(folder, file), JSON.stringify(value));
  json('unet/config.json', unet);
  json('vae/config.json', VAE);
  json('scheduler/scheduler_config.json', SCHEDULER_JSON);
  const tables = [
    ['unet/diffusion_pytorch_model.safetensors', unetTable(parseUnetConfig(unet))],
    ['vae/diffusion_pytorch_model.safetensors', autoencoderTable(parseAutoencoderConfig(VAE))],
    ['text_encoder/model.safetensors', textTable(parseClipTextConfig(TEXT_JSON))],
  ] as const;
  for (const [file, table] of tables) {
    put(join(folder, file), writeSafetensors(tensorsOf(table, weightsOf(table))));
  }
  return folder;
}

/** A small mask network, so that a run takes seconds. */
export const SMALL_MASKS = { maskUpper: 8, maskLower: 8, maskHeads: 2, maskLayers: 1 };
