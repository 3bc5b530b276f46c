// The 24 input channels of the pack's U-Net, and the numbers around its latents (embedded-pack.md section 2).

import { levelAt, predictionTarget } from '../../diffusion/parametrisation.ts';

export const WINDOW = 128;
export const LATENT = 32;
const CELL = WINDOW / LATENT;
export const LATENT_CHANNELS = 4;
export const INPUT_CHANNELS = 2 * LATENT_CHANNELS + CELL * CELL;
export const LATENT_SIZE = LATENT_CHANNELS * LATENT * LATENT;
const PLANE = LATENT * LATENT;
/** Weight of the v error outside the hole. */
const OUTSIDE_WEIGHT = 0.05;

/** Per-channel shift and scale of latents, stored in the pack. */
export interface LatentScale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** (z - mean)/std per channel of latents [N,4,h,w], in place. */
export function normalizeLatents(z: Float32Array, scale: LatentScale, plane = PLANE): Float32Array {
  for (let i = 0; i < z.length; i++) {
    const c = Math.floor(i / plane) % scale.mean.length;
    z[i] = (z[i] - scale.mean[c]) / scale.std[c];
  }
  return z;
}

/** z std + mean per channel, in place. */
export function restoreLatents(z: Float32Array, scale: LatentScale, plane = PLANE): Float32Array {
  for (let i = 0; i < z.length; i++) {
    const c = Math.floor(i / plane) % scale.mean.length;
    z[i] = z[i] * scale.std[c] + scale.mean[c];
  }
  return z;
}

/** Window [3,128,128] in [-1,1] with the hole [128,128] set to grey, into `out`. */
export function blankHole(window: Float32Array, hole: Uint8Array, out: Float32Array): void {
  const pixels = hole.length;
  for (let i = 0; i < window.length; i++) out[i] = hole[i % pixels] ? 0 : window[i];
}

/** Mask [128,128] as 16 channels [16,32,32] (pixel-unshuffle 4), into `out`. */
export function unshuffleMask(mask: Uint8Array, out: Float32Array): void {
  for (let dy = 0; dy < CELL; dy++)
    for (let dx = 0; dx < CELL; dx++) {
      const channel = (dy * CELL + dx) * PLANE;
      for (let y = 0; y < LATENT; y++)
        for (let x = 0; x < LATENT; x++)
          out[channel + y * LATENT + x] = mask[(y * CELL + dy) * WINDOW + x * CELL + dx];
    }
}

/** Loss weight per latent cell [32,32]: 1 where the cell touches the hole, .05 elsewhere, mean 1. */
export function holeWeights(hole: Uint8Array, out: Float32Array): void {
  out.fill(OUTSIDE_WEIGHT);
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) out[((i >> 7) >> 2) * LATENT + ((i & 127) >> 2)] = 1;
  }
  let total = 0;
  for (const v of out) total += v;
  for (let i = 0; i < out.length; i++) out[i] *= out.length / total;
}

/** What the U-Net is trained on for one window; all arrays belong to the caller. */
export interface Example {
  /** Normalised latent of the target window and of the window with the hole blanked, [4,32,32]. */
  readonly latent: Float32Array;
  readonly condition: Float32Array;
  /** [128,128] 0/1. */
  readonly mask: Uint8Array;
  readonly hole: Uint8Array;
  readonly prompt: readonly number[];
}

export interface DenoiseBatch {
  /** [N,24,32,32] */
  readonly sample: Float32Array;
  /** [N] */
  readonly timestep: Float32Array;
  /** [N,8] */
  readonly ids: Int32Array;
  /** [N,4,32,32] v target. */
  readonly target: Float32Array;
  /** [N,1,32,32] */
  readonly weight: Float32Array;
}

export function denoiseBatch(size: number): DenoiseBatch {
  return {
    sample: new Float32Array(size * INPUT_CHANNELS * PLANE),
    timestep: new Float32Array(size),
    ids: new Int32Array(size * 8),
    target: new Float32Array(size * LATENT_SIZE),
    weight: new Float32Array(size * PLANE),
  };
}

/** Writes condition latents and mask channels of window `k` into a sample [N,24,32,32]. */
export function writeCondition(
  sample: Float32Array,
  k: number,
  condition: Float32Array,
  mask: Uint8Array,
): void {
  const at = k * INPUT_CHANNELS * PLANE;
  sample.set(condition, at + LATENT_SIZE);
  unshuffleMask(mask, sample.subarray(at + 2 * LATENT_SIZE, at + INPUT_CHANNELS * PLANE));
}

/** Fills row `k`: x_t = sqrt(abar) z + sqrt(1-abar) noise, v = sqrt(abar) noise - sqrt(1-abar) z. */
export function writeExample(
  batch: DenoiseBatch,
  k: number,
  example: Example,
  t: number,
  noise: Float32Array,
  alphasCumprod: ArrayLike<number>,
): void {
  const level = levelAt(alphasCumprod[t]);
  const { signal, noise: sigma } = level;
  const at = k * INPUT_CHANNELS * PLANE;
  for (let i = 0; i < LATENT_SIZE; i++) batch.sample[at + i] = signal * example.latent[i] + sigma * noise[i];
  writeCondition(batch.sample, k, example.condition, example.mask);
  batch.target.set(predictionTarget('v_prediction', example.latent, noise, level), k * LATENT_SIZE);
  batch.timestep[k] = t;
  batch.ids.set(example.prompt, k * 8);
  holeWeights(example.hole, batch.weight.subarray(k * PLANE, (k + 1) * PLANE));
}
