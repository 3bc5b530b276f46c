// Putting noise on a clean latent: for training, for starting from a picture, for keeping a known part while sampling.

import { invariant } from '../base/errors.ts';
import { type Floats, mix, zerosLike } from './floats.ts';
import { noiseSchedule, stableDiffusionSchedule } from './noise-schedule.ts';
import { levelAt, type NoiseLevel } from './parametrisation.ts';

/** x_t = signal x_0 + noise eps (Ho et al. 2020, equation 4). */
export function addNoise<T extends Floats>(x0: T, noise: Floats, level: NoiseLevel): T {
  return mix(x0, [level.signal, x0], [level.noise, noise]);
}

/**
 * SeaS's start from a normal picture: noised to the end of a table with more entries than the network was trained on
 * (1500 instead of 1000), so that little of the picture is left.
 * @param u posterior sample of the picture, NOT multiplied by the scaling factor (so the released code has it)
 */
export function noisedStart<T extends Floats>(u: T, noise: Floats, entries = 1500): T {
  const { alphasCumprod } = noiseSchedule(stableDiffusionSchedule(entries));
  return addNoise(u, noise, levelAt(alphasCumprod[entries - 1]));
}

/**
 * keep * known + (1 - keep) * x in every channel (AnoGen's box, RePaint-style pasting of known latents).
 * @param x [B,C,H,W] of the given shape
 * @param known [B,C,H,W], usually the clean latent noised to x's level
 * @param keep [H,W] for all items or [B,1,H,W], 0..1; 1 keeps the known part
 */
export function blendKnown<T extends Floats>(x: T, known: Floats, keep: Floats, shape: readonly number[]): T {
  const [batch, channels, height, width] = shape;
  const area = height * width;
  invariant(
    x.length === batch * channels * area && known.length === x.length,
    `blend: x does not have shape [${shape}]`,
  );
  invariant(
    keep.length === area || keep.length === batch * area,
    `blend: keep does not fit shape [${shape}]`,
  );
  const out = zerosLike(x);
  for (let i = 0; i < out.length; i++) {
    const item = Math.floor(i / (channels * area));
    const share = keep[((item * area) % keep.length) + (i % area)];
    out[i] = share * known[i] + (1 - share) * x[i];
  }
  return out;
}
