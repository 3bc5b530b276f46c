// The pack's 12 tone words: which colour a defect takes, given what it lies on.

import type { Rng } from '../base/rng.ts';
import { drawHsv, type Range } from './tools/colour.ts';
import type { Rgb } from './tools/field.ts';

/** `local` is the mean colour under the defect. */
export type Tone = (rng: Rng, local: Rgb) => Rgb;

function box(hue: Range, saturation: Range, value: Range): Tone {
  return (rng) => drawHsv(rng, hue, saturation, value);
}

const dark: Tone = (rng, local) => {
  const k = rng.uniformIn(0.2, 0.65);
  return [k * local[0], k * local[1], k * local[2]];
};

const bright: Tone = (rng, local) => {
  const k = rng.uniformIn(0.35, 0.8);
  return [local[0] + k * (1 - local[0]), local[1] + k * (1 - local[1]), local[2] + k * (1 - local[2])];
};

export const TONES = {
  dark,
  black: box([0, 1], [0, 0.3], [0.02, 0.13]),
  grey: box([0, 1], [0, 0.1], [0.3, 0.65]),
  white: box([0, 1], [0, 0.08], [0.85, 1]),
  bright,
  red: box([-0.03, 0.025], [0.65, 0.95], [0.45, 0.9]),
  orange: box([0.05, 0.09], [0.7, 1], [0.65, 1]),
  yellow: box([0.125, 0.17], [0.6, 1], [0.7, 1]),
  green: box([0.27, 0.42], [0.4, 0.9], [0.25, 0.75]),
  blue: box([0.55, 0.68], [0.5, 0.95], [0.3, 0.85]),
  purple: box([0.74, 0.85], [0.35, 0.85], [0.3, 0.75]),
  brown: box([0.03, 0.09], [0.45, 0.8], [0.2, 0.5]),
} as const satisfies Record<string, Tone>;

export type ToneWord = keyof typeof TONES;
export const TONE_WORDS = Object.keys(TONES) as ToneWord[];
