// The camera: uneven light, white balance, exposure, blur, noise and JPEG, drawn once and used for both pictures.

import type { Rng } from '../../base/rng.ts';
import { blurPicture } from '../tools/blur.ts';
import { clipPicture, type Field, makeField, PIXELS, type Picture, type Rgb, SIDE } from '../tools/field.ts';
import { whiteNoise } from '../tools/noise.ts';
import { jpegRoundTrip } from './jpeg.ts';

export interface Camera {
  /** Factor per pixel: light gradient and vignette. */
  readonly light: Field;
  /** Factor per channel: white balance times exposure. */
  readonly gain: Rgb;
  /** Sigma in pixels, or 0. */
  readonly blur: number;
  /** Added after the blur, [3,128,128]. */
  readonly noise: Picture;
  /** JPEG quality, or 0 for none. */
  readonly quality: number;
}

function drawLight(rng: Rng): Field {
  const perX = 0.18 * rng.normal();
  const perY = 0.18 * rng.normal();
  const vignette = rng.uniformIn(0, 0.2);
  const middle = (SIDE - 1) / 2;
  return makeField((px, py) => {
    const x = (px - middle) / middle;
    const y = (py - middle) / middle;
    return Math.max(0, 1 + perX * x + perY * y) * (1 - (vignette * (x * x + y * y)) / 2);
  });
}

/** .6 of it independent per channel, .8 common to all: together the given deviation. */
function drawNoise(rng: Rng, deviation: number): Picture {
  const common = whiteNoise(rng);
  const noise = rng.fillNormal(new Float32Array(3 * PIXELS));
  for (let c = 0; c < 3; c++) {
    const at = c * PIXELS;
    for (let i = 0; i < PIXELS; i++) noise[at + i] = deviation * (0.6 * noise[at + i] + 0.8 * common[i]);
  }
  return noise;
}

export function drawCamera(rng: Rng): Camera {
  const light = drawLight(rng);
  const balance = [0, 0, 0].map(() => 1 + 0.04 * rng.normal());
  const exposure = rng.logUniform(0.8, 1.2);
  return {
    light,
    gain: [exposure * balance[0], exposure * balance[1], exposure * balance[2]],
    blur: rng.chance(0.6) ? rng.uniformIn(0.2, 1.3) : 0,
    noise: drawNoise(rng, rng.logUniform(0.003, 0.03)),
    quality: rng.chance(0.5) ? 55 + rng.int(41) : 0,
  };
}

/** A new picture, 0..1. */
export function photograph(camera: Camera, scene: Picture): Picture {
  const { light, gain, noise } = camera;
  const picture = new Float32Array(3 * PIXELS);
  for (let c = 0; c < 3; c++) {
    const at = c * PIXELS;
    for (let i = 0; i < PIXELS; i++) picture[at + i] = scene[at + i] * light[i] * gain[c];
  }
  if (camera.blur > 0) blurPicture(picture, camera.blur);
  for (let i = 0; i < picture.length; i++) picture[i] += noise[i];
  clipPicture(picture);
  return camera.quality > 0 ? jpegRoundTrip(picture, camera.quality) : picture;
}
