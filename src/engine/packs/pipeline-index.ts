// What model_index.json and a folder's own config.json say the folder is; everything that is not SD 1.x is refused here.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { readPackJson } from './pack-files.ts';

/** Pipelines whose networks are those of Stable Diffusion 1.x. */
const PIPELINES: ReadonlySet<string> = new Set([
  'StableDiffusionPipeline',
  'StableDiffusionInpaintPipeline',
  'StableDiffusionImg2ImgPipeline',
  'StableDiffusionInpaintPipelineLegacy',
]);

/** Components that make another model, and its name. */
const FOREIGN_COMPONENTS: Readonly<Record<string, string>> = {
  text_encoder_2: 'Stable Diffusion XL',
  text_encoder_3: 'Stable Diffusion 3',
  transformer: 'a transformer model (Stable Diffusion 3, Flux or newer)',
  controlnet: 'a ControlNet pipeline',
  prior: 'a cascade',
};

/** Class each component must have; the library is not looked at. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  unet: ['UNet2DConditionModel'],
  vae: ['AutoencoderKL'],
  text_encoder: ['CLIPTextModel'],
  tokenizer: ['CLIPTokenizer', 'CLIPTokenizerFast'],
};

/** What a folder with one network at its top is called. */
const LONE_CLASSES: Readonly<Record<string, string>> = {
  ControlNetModel: 'a ControlNet',
  MultiAdapter: 'a T2I adapter',
  T2IAdapter: 'a T2I adapter',
  UNet2DConditionModel: 'a U-Net alone',
  AutoencoderKL: 'an autoencoder alone',
  FluxTransformer2DModel: 'Flux',
  SD3Transformer2DModel: 'Stable Diffusion 3',
};

const HINT = 'Use a Stable Diffusion 1.x model: a diffusers folder or a single .safetensors file.';

function refuse(reason: string, file: string): never {
  throw new AppError('unsupported', reason, { file, hint: HINT });
}

const present = (value: unknown): boolean =>
  Array.isArray(value) ? value.some((v) => v !== null) : value !== undefined && value !== null;

/** Throws unsupported with the reason where the folder says that it is another model. */
export function refuseOtherFolders(folder: string): void {
  const file = join(folder, 'model_index.json');
  if (!existsSync(file)) {
    refuseLoneNetwork(folder);
    return;
  }
  const index = readPackJson(folder, 'model_index.json');
  const foreign = Object.keys(FOREIGN_COMPONENTS).find((key) => present(index[key]));
  if (foreign)
    refuse(`this is ${FOREIGN_COMPONENTS[foreign]} (it has ${foreign}), not Stable Diffusion 1.x`, file);
  const pipeline = index._class_name;
  if (typeof pipeline === 'string' && !PIPELINES.has(pipeline))
    refuse(`this is a ${pipeline}, not Stable Diffusion 1.x`, file);
  for (const [part, classes] of Object.entries(CLASSES)) {
    const value = index[part];
    if (!present(value)) continue;
    const name = Array.isArray(value) ? value[1] : value;
    if (!classes.includes(String(name)))
      refuse(`${part} is a ${String(name)}; supported is ${classes[0]}`, file);
  }
}

function refuseLoneNetwork(folder: string): void {
  const file = join(folder, 'config.json');
  if (!existsSync(file)) return;
  const name = String(readPackJson(folder, 'config.json')._class_name ?? 'network');
  refuse(`this folder holds ${LONE_CLASSES[name] ?? `a ${name}`}, not a whole model`, file);
}
