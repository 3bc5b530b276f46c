// The picture that `blend` starts from: a window of the good picture with the warped real defect already in it.

import { invariant } from '../../base/errors.ts';
import { blurPlane } from '../../image/blur.ts';
import { maskCoverage } from '../../image/mask-resample.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import type { CropOptions } from '../../image/window-crop.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import type { PlacedMask } from './mask-source.ts';
import { pieceMask, pieceReader } from './paste.ts';
import type { Shot } from './shot.ts';

export interface CompositeWindowOptions extends CropOptions {
  /** Sigma of the soft rim, working px; default 0.7. */
  readonly featherPx?: number;
  /** Code value of 1.0 in the shots. */
  readonly shotWhite?: number;
}

/**
 * Window [3,S,S] of `good` under `rect` with the placed mask's pieces pasted with their own pixels, made directly at
 * working size. The caller encodes it, adds noise up to t0 and denoises with the mask: t0 from low to high goes from
 * a harmonised paste to a new defect. `part` limits the pasted marks to those of one planned window.
 */
export function compositeWindow(
  good: Raster,
  rect: Rect,
  placed: PlacedMask,
  shots: readonly Shot[],
  size: number,
  part: Mask = placed.mask,
  options: CompositeWindowOptions = {},
): Planes {
  const out = cropToPlanes(good, rect, size, size, options);
  const area = size * size;
  const stepX = rect.width / size;
  const stepY = rect.height / size;
  for (const piece of placed.pieces) {
    invariant(piece.shape.shot !== null, 'only shapes of real defects have pixels to paste');
    const marks = pieceMask(placed, piece);
    for (let i = 0; i < marks.data.length; i++) marks.data[i] &= part.data[i];
    const cover = maskCoverage(marks, rect, size, size, 'zero');
    const soft = blurPlane(cover, size, size, options.featherPx ?? 0.7);
    const reader = pieceReader(shots[piece.shape.shot], piece, size / rect.width, options.shotWhite);
    for (let i = 0; i < area; i++) {
      // Full where the mask is, so that thin marks keep their contrast; soft around it.
      const alpha = Math.max(cover[i], soft[i]);
      if (alpha < 1e-3) continue;
      reader.move(rect.x + ((i % size) + 0.5) * stepX, rect.y + (Math.floor(i / size) + 0.5) * stepY);
      for (let c = 0; c < 3; c++) {
        const old = out.data[c * area + i];
        out.data[c * area + i] = old + alpha * (reader.value(c) - old);
      }
    }
  }
  return out;
}
