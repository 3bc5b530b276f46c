// A base model opened from its folder: configurations, tokenizer, latent scale and weights.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { ConfigJson } from '../../core/diffusion/config-reader.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../core/diffusion/noise-schedule.ts';
import { type Scheduler, schedulerFromConfig } from '../../core/diffusion/scheduler.ts';
import { type ClipTextConfig, parseClipTextConfig } from '../../core/nets/clip-text-model.ts';
import { textWeightName } from '../../core/nets/legacy-names.ts';
import { parseUnetConfig, type UnetConfig } from '../../core/nets/unet-2d-condition.ts';
import { type LatentScale, WINDOW } from '../../core/recipes/pack/condition.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';
import { createWordTokenizer } from '../../core/text/word-tokenizer.ts';
import { readPackJson, readWeights } from './pack-files.ts';

export const PACK_AUTOENCODER_CLASS = 'FlawsmithPackAutoencoder';

/** alphas_cumprod of the schedule packs are trained with. */
export const PACK_ALPHAS = noiseSchedule(stableDiffusionSchedule()).alphasCumprod;

export interface PackWeights {
  /** By state-dict name. */
  readonly unet: Record<string, Float32Array>;
  readonly text: Record<string, Float32Array>;
  readonly autoencoder: Record<string, Float32Array>;
}

/** The embedded pack's kind: a mask-conditioned U-Net on windows, a word table, the small autoencoder. */
export interface Pack {
  readonly folder: string;
  readonly unet: UnetConfig;
  readonly text: ClipTextConfig;
  readonly scheduler: Scheduler;
  readonly words: readonly string[];
  readonly latentScale: LatentScale;
  /** Side of a window, px, and of its latent. */
  readonly workingSize: number;
  readonly latentSize: number;
  readonly licence: string;
  /** A fresh tokenizer: adding tokens changes it. */
  tokenizer(): Tokenizer;
  weights(): PackWeights;
}

function numbers(json: Record<string, unknown>, key: string, file: string): number[] {
  const value = json[key];
  if (Array.isArray(value) && value.every((v) => typeof v === 'number' && Number.isFinite(v))) return value;
  throw new AppError('bad-pack', `flawsmith.json: ${key} must be a list of numbers`, { file });
}

/** Runs a check; its error says which file it is about. */
function inFile<T>(file: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('bad-pack', error.message, { ...error.details, file }, error);
  }
}

function latentScaleOf(own: Record<string, unknown>, channels: number, file: string): LatentScale {
  const scale = { mean: numbers(own, 'latents_mean', file), std: numbers(own, 'latents_std', file) };
  const fits =
    scale.mean.length === channels && scale.std.length === channels && scale.std.every((v) => v > 0);
  if (fits) return scale;
  throw new AppError(
    'bad-pack',
    `flawsmith.json: latents_mean and latents_std need ${channels} numbers, std above 0`,
    {
      file,
    },
  );
}

/** Window packs are trained, fine-tuned and sampled on one schedule with v-prediction; another one is refused. */
function windowScheduler(folder: string): Scheduler {
  const file = join(folder, 'scheduler/scheduler_config.json');
  const json = readPackJson(folder, 'scheduler/scheduler_config.json') as ConfigJson;
  const scheduler = inFile(file, () => schedulerFromConfig(json));
  const { alphasCumprod } = scheduler.schedule;
  const same =
    alphasCumprod.length === PACK_ALPHAS.length &&
    alphasCumprod.every((v, i) => Math.abs(v - PACK_ALPHAS[i]) < 1e-9);
  if (same && scheduler.predictionType === 'v_prediction') return scheduler;
  throw new AppError(
    'bad-pack',
    'a window pack uses v_prediction on the schedule scaled_linear .00085-.012, 1000 steps',
    {
      file,
    },
  );
}

/** Stable Diffusion packs draw whole pictures; what works on windows needs a window pack. */
function refuseOtherModels(folder: string): void {
  if (statSync(folder).isDirectory()) {
    const isStableDiffusion = () => readPackJson(folder, 'vae/config.json')._class_name === 'AutoencoderKL';
    const hasOwn = existsSync(join(folder, 'flawsmith.json'));
    if (hasOwn || !existsSync(join(folder, 'vae', 'config.json')) || !isStableDiffusion()) return;
  }
  throw new AppError('unsupported', 'this is no window pack, which is needed here', {
    file: folder,
    hint: 'Use the embedded pack. A Stable Diffusion model can be fine-tuned (train --pack) and sampled (packs sample).',
  });
}

/** Opens a window pack. Throws bad-pack with the file and the key that is wrong. */
export function openPack(folder: string): Pack {
  if (!existsSync(folder)) throw new AppError('not-found', 'there is no such pack folder', { file: folder });
  refuseOtherModels(folder);
  const own = readPackJson(folder, 'flawsmith.json');
  const file = join(folder, 'flawsmith.json');
  const vae = readPackJson(folder, 'vae/config.json');
  if (vae._class_name !== PACK_AUTOENCODER_CLASS) {
    throw new AppError(
      'unsupported',
      `a window pack is needed here; this one's autoencoder is a ${vae._class_name}`,
      {
        file: join(folder, 'vae/config.json'),
        hint: 'Use the embedded pack.',
      },
    );
  }
  const words = own.words;
  if (!Array.isArray(words) || !words.every((w) => typeof w === 'string')) {
    throw new AppError('bad-pack', 'flawsmith.json: words must be a list of words', { file });
  }
  const workingSize = own.working_size;
  if (workingSize !== WINDOW) {
    throw new AppError('bad-pack', `flawsmith.json: working_size must be ${WINDOW}, not ${workingSize}`, {
      file,
    });
  }
  inFile(file, () => createWordTokenizer({ words }));
  const scheduler = windowScheduler(folder);
  const unet = parseUnetConfig(readPackJson(folder, 'unet/config.json'), join(folder, 'unet/config.json'));
  return {
    folder,
    unet,
    text: parseClipTextConfig(
      readPackJson(folder, 'text_encoder/config.json'),
      join(folder, 'text_encoder/config.json'),
    ),
    scheduler,
    words,
    latentScale: latentScaleOf(own, unet.outChannels, file),
    workingSize,
    latentSize: workingSize / 4,
    licence: String(own.licence ?? 'not stated'),
    tokenizer: () => createWordTokenizer({ words }),
    weights: () => ({
      unet: readWeights(folder, 'unet'),
      text: readWeights(folder, 'text_encoder', textWeightName),
      autoencoder: readWeights(folder, 'vae'),
    }),
  };
}
