// Writes trained weights as a pack: a folder in diffusers layout with fp16 weights and flawsmith.json.

import { join } from 'node:path';
import { type TensorToWrite, writeSafetensors } from '../../core/formats/safetensors-write.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import type { LatentScale } from '../../core/recipes/pack/condition.ts';
import { PACK_SCHEDULER_JSON, PACK_TEXT_JSON, PACK_UNET_JSON } from '../../core/recipes/pack/pack-config.ts';
import { WORDS } from '../../core/render/words.ts';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import { PACK_AUTOENCODER_CLASS } from './pack.ts';

export interface PackPart {
  readonly table: ParameterTable;
  /** By state-dict name. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

export interface PackContent {
  readonly unet: PackPart;
  readonly text: PackPart;
  readonly autoencoder: PackPart;
  readonly latentScale: LatentScale;
  /** Steps, losses and what it was trained on, for the model card's reader. */
  readonly trained: Readonly<Record<string, unknown>>;
}

function tensors(part: PackPart, rename: (name: string) => string = (n) => n): TensorToWrite[] {
  return [...part.table].map(([name, { shape }]) => ({
    name: rename(name),
    dtype: 'F16',
    shape,
    data: part.weights[name],
  }));
}

export async function writePack(folder: string, content: PackContent): Promise<void> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const weights = (part: PackPart) => writeSafetensors(tensors(part), { format: 'pt' });
  const files: Record<string, Uint8Array | string> = {
    'unet/config.json': json(PACK_UNET_JSON),
    'unet/diffusion_pytorch_model.safetensors': weights(content.unet),
    'text_encoder/config.json': json(PACK_TEXT_JSON),
    'text_encoder/model.safetensors': weights(content.text),
    'vae/config.json': json({
      _class_name: PACK_AUTOENCODER_CLASS,
      block_out_channels: [48, 96],
      latent_channels: 4,
    }),
    'vae/model.safetensors': weights(content.autoencoder),
    'scheduler/scheduler_config.json': json(PACK_SCHEDULER_JSON),
    'tokenizer/vocab.json': json(Object.fromEntries(WORDS.map((w, i) => [w, i]))),
    'model_index.json': json({
      _class_name: 'FlawsmithWindowPack',
      unet: ['diffusers', 'UNet2DConditionModel'],
      text_encoder: ['transformers', 'CLIPTextModel'],
      scheduler: ['diffusers', 'DDIMScheduler'],
    }),
    'flawsmith.json': json({
      input_channels: [
        '0-3 noisy latent',
        '4-7 latent of the window with the hole grey',
        '8-23 mask, pixel-unshuffle 4',
      ],
      words: WORDS,
      prompt_slots: ['a', 'SURFACE', 'with', 'TONE', 'FINISH', 'SHAPE', 'SIZE', '<end>'],
      latents_mean: content.latentScale.mean,
      latents_std: content.latentScale.std,
      working_size: 128,
      licence: 'Apache-2.0',
      trained: content.trained,
    }),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(folder, name);
    await makeFolder(join(file, '..'));
    await atomicWrite(file, bytes);
  }
}
