// Finishes that only change colour: flat, stain, burn and wear.

import type { ToneWord } from '../tones.ts';
import { gauss } from '../tools/blur.ts';
import { clamp01, mapField, mixColour, mixPicture, PIXELS, type Rgb } from '../tools/field.ts';
import { bandNoise, powerNoise } from '../tools/noise.ts';
import { type Finish, mottled } from './finish.ts';

export const flat: Finish = {
  apply(rng, { picture, alpha, colour }) {
    const gain = rng.uniformIn(0, 0.05);
    const noise = powerNoise(rng, rng.uniformIn(1, 3));
    return mixPicture(
      picture.slice(),
      alpha,
      mottled(colour, (i) => gain * noise[i]),
    );
  },
};

/** Half pigment (colour), half film (multiplied). */
export const stain: Finish = {
  apply(rng, { picture, alpha, colour }) {
    const strength = rng.uniformIn(0.5, 0.9);
    const soft = gauss(alpha, rng.uniformIn(0.3, 2));
    const out = picture.slice();
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < PIXELS; i++) {
        const before = picture[c * PIXELS + i];
        out[c * PIXELS + i] += strength * soft[i] * (0.5 * (before * colour[c] + colour[c]) - before);
      }
    }
    return out;
  },
};

const CHAR: Rgb = [0.25, 0.13, 0.05];
/** What the heat leaves at the border of a burn: the picture times this. */
const SINGED: Rgb = [0.85, 0.65, 0.4];
/** Brightness of the char per tone; together the range .4-1.3. */
const CHAR_LEVEL: Partial<Record<ToneWord, readonly [number, number]>> = {
  black: [0.4, 0.6],
  dark: [0.5, 0.9],
  brown: [0.8, 1.3],
};

export const burn: Finish = {
  tones: ['brown', 'black', 'dark'],
  apply(rng, { picture, alpha, tone }) {
    const level = rng.uniformIn(...(CHAR_LEVEL[tone] ?? [0.4, 1.3]));
    const soft = mapField(gauss(alpha, rng.uniformIn(1, 4)), (v) => clamp01(1.1 * v));
    const out = picture.slice();
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < PIXELS; i++) {
        const edge = 4 * soft[i] * (1 - soft[i]);
        out[c * PIXELS + i] *= 1 - edge * (1 - SINGED[c]);
      }
    }
    return mixColour(out, soft, [level * CHAR[0], level * CHAR[1], level * CHAR[2]]);
  },
};

export const wear: Finish = {
  apply(rng, { picture, alpha, colour }) {
    const noise = bandNoise(rng, rng.logUniform(15, 50), 0.6);
    const worn = alpha.map((a, i) => a * clamp01(0.5 + 0.6 * noise[i]));
    return mixColour(picture.slice(), worn, colour);
  },
};
