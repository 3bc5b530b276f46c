// Stationary noise with a chosen spectrum: power laws (isotropic or streaky), bands and white noise.

import type { Rng } from '../../base/rng.ts';
import { BIT_REVERSED, fieldOfHalfSpectrum, HALF } from './fft.ts';
import { type Field, PIXELS, SIDE } from './field.ts';

const COUNT = HALF * SIDE;
/** Below this frequency (cycles per window) a power law stays flat. */
const LOWEST = 0.7;

/** ln of u^2 + v^2 at index u * 128 + v; the constant term, which is always dropped, holds 0. */
const LOG_SQUARE = Float64Array.from({ length: COUNT }, (_, i) => {
  const u = Math.floor(i / SIDE);
  const v = signed(i % SIDE);
  return Math.log(Math.max(u * u + v * v, 1));
});

function signed(v: number): number {
  return v < HALF ? v : v - SIDE;
}

const normals = new Float32Array(2 * COUNT);
const amplitude = new Float64Array(COUNT);
const re = new Float64Array(COUNT);
const im = new Float64Array(COUNT);

/** Noise with the amplitudes in `amplitude`, mean 0 and standard deviation 1 over the window. */
function shapedNoise(rng: Rng): Field {
  rng.fillNormal(normals);
  let energy = 0;
  for (let u = 1; u < HALF; u++) {
    for (let v = 0; v < SIDE; v++) {
      const i = u * SIDE + v;
      const k = u * SIDE + BIT_REVERSED[v];
      const a = amplitude[i];
      const r = a * normals[2 * i];
      const m = a * normals[2 * i + 1];
      re[k] = r;
      im[k] = m;
      energy += r * r + m * m;
    }
  }
  re[BIT_REVERSED[0]] = im[BIT_REVERSED[0]] = 0;
  re[BIT_REVERSED[HALF]] = im[BIT_REVERSED[HALF]] = 0;
  for (let v = 1; v < HALF; v++) {
    const k = BIT_REVERSED[v];
    const mirror = BIT_REVERSED[SIDE - v];
    re[k] = re[mirror] = amplitude[v] * normals[2 * v];
    im[k] = amplitude[v] * normals[2 * v + 1];
    im[mirror] = -im[k];
    energy += re[k] * re[k] + im[k] * im[k];
  }
  // Parseval: every coefficient stands for itself and its mirror image.
  return fieldOfHalfSpectrum(re, im, energy > 0 ? 1 / Math.sqrt(2 * energy) : 0);
}

/**
 * Amplitude max(f, .7)^(-beta/2), f in cycles per window: beta 0 white, 1 pink, 2 brown, 3 and more very smooth.
 * stretch < 1 draws the noise out along `angle` (radians, 0 = x axis): streaks 1/stretch times as long as wide.
 */
export function powerNoise(rng: Rng, beta: number, stretch = 1, angle = 0): Field {
  const exponent = -beta / 4;
  if (stretch === 1) {
    for (let i = 0; i < COUNT; i++) amplitude[i] = Math.exp(exponent * LOG_SQUARE[i]);
    return shapedNoise(rng);
  }
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (let u = 0, i = 0; u < HALF; u++) {
    for (let j = 0; j < SIDE; j++, i++) {
      const v = signed(j);
      const along = u * cos + v * sin;
      const across = stretch * (v * cos - u * sin);
      const square = Math.max(along * along + across * across, LOWEST * LOWEST);
      amplitude[i] = Math.exp(exponent * Math.log(square));
    }
  }
  return shapedNoise(rng);
}

/** Amplitude exp(-ln(f/centre)^2 / (2 width^2)), centre in cycles per window. */
export function bandNoise(rng: Rng, centre: number, width = 0.4): Field {
  const logCentre = Math.log(centre);
  const factor = -1 / (2 * width * width);
  for (let i = 0; i < COUNT; i++) {
    const distance = 0.5 * LOG_SQUARE[i] - logCentre;
    const exponent = factor * distance * distance;
    amplitude[i] = exponent > -20 ? Math.exp(exponent) : 0;
  }
  return shapedNoise(rng);
}

/** Independent standard normals per pixel. */
export function whiteNoise(rng: Rng): Field {
  return rng.fillNormal(new Float32Array(PIXELS));
}
