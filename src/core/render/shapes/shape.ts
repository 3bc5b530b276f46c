// What a defect's shape is: an alpha field about a centre.

import type { Rng } from '../../base/rng.ts';
import { gauss } from '../tools/blur.ts';
import { clamp01, type Field, PIXELS } from '../tools/field.ts';
import { powerNoise } from '../tools/noise.ts';

/** Draws alpha 0..1 about (cx, cy), pixels; it may reach over the border. */
export type Shape = (rng: Rng, cx: number, cy: number) => Field;

/** Below this the blurred shape is too far away for its edge: a high noise value alone must not make a spot. */
const NEAR = 0.02;

/** Torn edges: clip(3 (gauss(a, 1.5) + .12 noise - .5) + .5) near the shape. */
export function roughened(rng: Rng, alpha: Field): Field {
  const smooth = gauss(alpha, 1.5);
  const noise = powerNoise(rng, 2.2);
  for (let i = 0; i < PIXELS; i++)
    smooth[i] = smooth[i] < NEAR ? 0 : clamp01(3 * (smooth[i] + 0.12 * noise[i] - 0.5) + 0.5);
  return smooth;
}

/** In place: the larger of both. */
export function unite(into: Field, other: Field): Field {
  for (let i = 0; i < PIXELS; i++) if (other[i] > into[i]) into[i] = other[i];
  return into;
}
