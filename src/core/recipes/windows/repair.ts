// Gives a made picture a corrected mask: what lies outside its edit region becomes the good picture again.

import { invariant } from '../../base/errors.ts';
import type { Mask, Raster } from '../../image/raster.ts';
import { EDIT_GROW_PX, editAlpha, editRegion } from './composite.ts';

/**
 * `made` inside the new mask; `source` bit for bit outside the mask grown by 4 px; in between, a change that the old mask
 * held fades out.
 */
export function keepInside(source: Raster, made: Raster, before: Mask, mask: Mask): Raster {
  invariant(source.data.length === made.data.length, 'the good picture has another shape');
  const data = source.data.slice();
  const region = editRegion(mask, EDIT_GROW_PX);
  const patch = editAlpha(mask);
  invariant(patch !== null, 'an empty mask keeps nothing');
  const { rect, alpha } = patch;
  const { channels, width } = source;
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      const i = y * width + x;
      if (region.data[i] === 0) continue;
      const cut = mask.data[i] === 0 && before.data[i] !== 0;
      const share = cut ? alpha[(y - rect.y) * rect.width + x - rect.x] : 1;
      for (let c = i * channels; c < (i + 1) * channels; c++)
        data[c] = Math.round(source.data[c] + share * (made.data[c] - source.data[c]));
    }
  }
  return { ...source, data };
}
