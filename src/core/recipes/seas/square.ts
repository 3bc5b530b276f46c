// The square of a picture that a whole-picture model works on: its middle, or all of it squeezed.

import { binarise, maskCoverage } from '../../image/mask-resample.ts';
import type { Mask, Raster, Rect } from '../../image/raster.ts';
import { cropToPlanes } from '../../image/window-crop.ts';

/** Part of a picture, native px. `middle`: shorter side to the model's, then the middle (methods.md 1.2). */
export function squareOf({ width, height }: { width: number; height: number }, fit: string): Rect {
  if (fit === 'whole') return { x: 0, y: 0, width, height };
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), width: side, height: side };
}

/** [3,S,S] in [-1,1]. */
export function squarePicture(raster: Raster, rect: Rect, size: number, white: number): Float32Array {
  return cropToPlanes(raster, rect, size, size, { white }).data.map((v) => 2 * v - 1);
}

/** [S,S] 0..1 with soft edges; in steps of 1/255, as a resized 8-bit mask is: whole cells are exactly 1. */
export function squareMask(mask: Mask, rect: Rect, size: number): Float32Array {
  return maskCoverage(mask, rect, size, size, 'zero').map((v) => Math.round(255 * v) / 255);
}

/**
 * Target of the mask network [h,h], 0 or 1, from a soft mask [S,S], S a multiple of h. `whole`: cells that are wholly
 * covered (methods.md 1.6); `half`: by half, and thin lines and specks that pass through a cell.
 */
export function cellTarget(mask: Float32Array, side: number, h: number, cells: string): Float32Array {
  const step = side / h;
  const cover = new Float32Array(h * h);
  for (let i = 0; i < mask.length; i++) {
    const [y, x] = [Math.floor(i / side), i % side];
    cover[Math.floor(y / step) * h + Math.floor(x / step)] += mask[i];
  }
  for (let i = 0; i < cover.length; i++) cover[i] /= step * step;
  if (cells === 'whole') return cover.map((v) => (v === 1 ? 1 : 0));
  return Float32Array.from(binarise(cover, h, h).data);
}
