// Counts pixels changed outside the mask grown by some pixels: the promise "identical to the source", recomputed.

import { dilate } from '../../core/image/morphology.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { sameShape } from '../imaging/index.ts';

/** Number of pixels outside the grown mask that differ in any channel; -1 where the pictures cannot be compared. */
export function changedOutside(source: Raster, picture: Raster, mask: Mask, grownBy: number): number {
  if (!sameShape(source, picture) || mask.width !== picture.width || mask.height !== picture.height)
    return -1;
  const region = dilate(mask, grownBy).data;
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
