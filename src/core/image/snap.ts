// Moves the outline of a mask to the strongest edge of the picture near it: a watershed between what is surely inside
// and what is surely outside.

import { labelComponents } from './components.ts';
import { distanceInside } from './distance.ts';
import { dilate } from './morphology.ts';
import type { Mask } from './raster.ts';
import { emptyMask } from './raster.ts';

/** Of a part thinner than the reach, what lies deeper than this share of its own depth stays. */
const SURE_DEPTH = 0.6;
const LEVELS = 256;

/** `grey` is [H,W] 0..255 of the same size; the outline moves by at most `reach` px. */
export function snapToEdges(mask: Mask, grey: ArrayLike<number>, reach: number): Mask {
  const { width, height } = mask;
  const depth = distanceInside(mask);
  const { labels, components } = labelComponents(mask);
  const deepest = new Float32Array(components.length + 1);
  for (let i = 0; i < depth.length; i++) deepest[labels[i]] = Math.max(deepest[labels[i]], depth[i]);
  const grown = dilate(mask, reach);
  const slope = slopeOf(grey, width, height);
  const owner = new Uint8Array(width * height);
  const waiting: number[][] = Array.from({ length: LEVELS }, () => []);
  for (let i = 0; i < owner.length; i++) {
    const sure = Math.min(reach, SURE_DEPTH * deepest[labels[i]]);
    if (mask.data[i] !== 0 && depth[i] > sure) owner[i] = 1;
    else if (grown.data[i] === 0) owner[i] = 2;
  }
  const visit = (i: number, level: number): void => {
    const x = i % width;
    const next = (j: number): void => {
      if (owner[j] !== 0) return;
      owner[j] = owner[i];
      waiting[Math.max(level, slope[j])].push(j);
    };
    if (x > 0) next(i - 1);
    if (x < width - 1) next(i + 1);
    if (i >= width) next(i - width);
    if (i < owner.length - width) next(i + width);
  };
  for (let i = 0; i < owner.length; i++) if (owner[i] !== 0) waiting[slope[i]].push(i);
  for (let level = 0; level < LEVELS; level++) {
    const queue = waiting[level];
    for (let k = 0; k < queue.length; k++) visit(queue[k], level);
  }
  const out = emptyMask(width, height);
  for (let i = 0; i < owner.length; i++) if (owner[i] === 1) out.data[i] = 1;
  return out;
}

/** Steepness of the picture after a little smoothing, 0..255 of the steepest. */
function slopeOf(grey: ArrayLike<number>, width: number, height: number): Uint8Array {
  const smooth = new Float32Array(width * height);
  const at = (x: number, y: number): number =>
    grey[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      smooth[y * width + x] = (2 * at(x, y) + at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)) / 6;
    }
  }
  const value = (x: number, y: number): number =>
    smooth[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))];
  const steep = new Float32Array(width * height);
  let most = 1e-6;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const steepness = Math.hypot(value(x + 1, y) - value(x - 1, y), value(x, y + 1) - value(x, y - 1));
      steep[y * width + x] = steepness;
      if (steepness > most) most = steepness;
    }
  }
  return Uint8Array.from(steep, (v) => Math.round((255 * v) / most));
}
