// What a finish is: how a shape of some colour changes the picture under it.

import type { Rng } from '../../base/rng.ts';
import type { ToneWord } from '../tones.ts';
import { clamp01, type Field, PIXELS, type Picture, type Rgb } from '../tools/field.ts';

export interface Stroke {
  /** The picture before, [3,128,128]; not to be changed. */
  readonly picture: Picture;
  /** Shape, 0..1. */
  readonly alpha: Field;
  readonly tone: ToneWord;
  /** The tone's colour here. */
  readonly colour: Rgb;
  /** Direction of the scene's light, radians. */
  readonly light: number;
  /** What lies behind an object, or null. */
  readonly ground: Picture | null;
}

export interface Finish {
  /** Tones that make sense; all of them when absent. */
  readonly tones?: readonly ToneWord[];
  /** A new picture; values may leave 0..1. */
  readonly apply: (rng: Rng, stroke: Stroke) => Picture;
}

/** colour + noise per pixel, clipped: a surface of one slightly uneven colour. */
export function mottled(colour: Rgb, unevenness: (i: number, channel: number) => number): Picture {
  const out = new Float32Array(3 * PIXELS);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < PIXELS; i++) out[c * PIXELS + i] = clamp01(colour[c] + unevenness(i, c));
  return out;
}
