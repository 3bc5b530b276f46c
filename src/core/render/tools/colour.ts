// Colours by hue, saturation and value, drawn from boxes.

import type { Rng } from '../../base/rng.ts';
import type { Rgb } from './field.ts';

export type Range = readonly [lo: number, hi: number];

/** Any hue; a hue range may start below 0 (red straddles the wrap). */
export const ANY_HUE: Range = [0, 1];

/** All arguments 0..1 (hue is taken modulo 1); the usual hexcone. */
export function hsv(hue: number, saturation: number, value: number): Rgb {
  const h = (hue - Math.floor(hue)) * 6;
  const channel = (n: number): number => {
    const k = (n + h) % 6;
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Uniform in a box of HSV. */
export function drawHsv(rng: Rng, hue: Range, saturation: Range, value: Range): Rgb {
  return hsv(rng.uniformIn(...hue), rng.uniformIn(...saturation), rng.uniformIn(...value));
}

/** A nearly grey colour: any hue, saturation up to .15. */
export function neutral(rng: Rng, lo: number, hi: number): Rgb {
  return drawHsv(rng, ANY_HUE, [0, 0.15], [lo, hi]);
}
