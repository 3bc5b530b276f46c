// Counts pixels changed outside the mask grown by some pixels: the promise "identical to the source", recomputed.

import type { Mask, Raster } from '../../core/image/raster.ts';
import { sameShape } from '../imaging/index.ts';

/** Grows a mask by `radius` pixels in the Chebyshev metric (a square), one axis after the other. */
export function growMask(mask: Mask, radius: number): Mask {
  const { width, height } = mask;
  const wide = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) spread(mask.data, wide, y * width, 1, width, radius);
  const both = new Uint8Array(width * height);
  for (let x = 0; x < width; x++) spread(wide, both, x, width, height, radius);
  return { width, height, data: both };
}

/** Sets every element of a line that has a set one within `radius`. */
function spread(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  let reach = -1;
  for (let i = 0; i < count + radius; i++) {
    if (i < count && from[start + i * step] !== 0) reach = i + 2 * radius;
    const at = i - radius;
    if (at >= 0 && i <= reach) to[start + at * step] = 1;
  }
}

/** Number of pixels outside the grown mask that differ in any channel; -1 where the pictures cannot be compared. */
export function changedOutside(source: Raster, picture: Raster, mask: Mask, grownBy: number): number {
  if (!sameShape(source, picture) || mask.width !== picture.width || mask.height !== picture.height)
    return -1;
  const region = growMask(mask, grownBy).data;
  const { channels } = picture;
  let changed = 0;
  for (let i = 0; i < region.length; i++) {
    if (region[i] !== 0) continue;
    for (let c = 0; c < channels; c++) {
      if (source.data[i * channels + c] !== picture.data[i * channels + c]) {
        changed++;
        break;
      }
    }
  }
  return changed;
}
