// The `paste` generator: a real defect cut out of its shot, turned and scaled, pasted on a good picture as it is.

import { invariant } from '../../base/errors.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import { emptyMask, maxValue } from '../../image/raster.ts';
import { growRect, intersectRect, pictureRect } from '../../image/rect.ts';
import { sampleBilinear, warpPoint } from '../../image/warp.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import { blendPixels, EDIT_GROW_PX, editAlpha } from './composite.ts';
import type { PlacedMask, PlacedPiece } from './mask-source.ts';
import type { Shot } from './shot.ts';

/** Pixels of a warped piece: shot values at places of the new picture. */
export interface PiecePixels {
  /** RGB 0..1 of channel c at native position (x, y) of the new picture, pixel centres at +0.5. */
  at(c: number, x: number, y: number): number;
  /** Looks up (x, y) once for the three channels that follow. */
  move(x: number, y: number): void;
  value(c: number): number;
}

/**
 * Reader of a piece's source pixels. `detail` = output px per source px of the picture that will be made: below 1 the
 * shot is shrunk (antialiased) first. White levels map each picture's own range to 0..1.
 */
export function pieceReader(shot: Shot, piece: PlacedPiece, detail = 1, white?: number): Omit<PiecePixels, 'at'> {
  const { bounds } = piece.shape;
  const margin = Math.ceil(8 / Math.min(1, detail) + 0.1 * Math.max(bounds.width, bounds.height));
  const region = growRect(bounds, margin);
  const k = Math.min(1, detail * piece.warp.params.scale);
  const cut: Planes = cropToPlanes(
    shot.raster,
    region,
    Math.max(1, Math.round(region.width * k)),
    Math.max(1, Math.round(region.height * k)),
    { white },
  );
  const kx = cut.width / region.width;
  const ky = cut.height / region.height;
  const point = new Float64Array(2);
  return {
    move(x, y) {
      warpPoint(piece.warp, x - piece.x, y - piece.y, point);
      point[0] = (point[0] - region.x) * kx;
      point[1] = (point[1] - region.y) * ky;
    },
    value: (c) => sampleBilinear(cut, c, point[0], point[1]),
  };
}

export interface PasteOptions {
  /** Sigma of the soft rim, native px; default 0.7. */
  readonly featherPx?: number;
  /** Code value of 1.0 in the good picture and in the shots; default 255 or 65535 each. */
  readonly white?: number;
  readonly shotWhite?: number;
}

/** Part of a placed mask that one piece drew, picture size. */
export function pieceMask(placed: PlacedMask, piece: PlacedPiece): Mask {
  const { width, height } = placed.mask;
  const out = emptyMask(width, height);
  const box = intersectRect(
    { x: piece.x, y: piece.y, width: piece.warp.width, height: piece.warp.height },
    pictureRect(placed.mask),
  ) as Rect;
  for (let y = box.y; y < box.y + box.height; y++) {
    out.data.set(placed.mask.data.subarray(y * width + box.x, y * width + box.x + box.width), y * width + box.x);
  }
  return out;
}

/**
 * Pastes the pixels of the shots whose shapes the placed mask was made from. The label is the placed mask, exactly;
 * pixels change only on it and in a soft rim of at most 4 px. Where boxes of two pieces overlap the later one wins.
 */
export function pasteDefect(
  good: Raster,
  shots: readonly Shot[],
  placed: PlacedMask,
  options: PasteOptions = {},
): Raster {
  let out = good;
  for (const piece of placed.pieces) {
    invariant(piece.shape.shot !== null, 'only shapes of real defects can be pasted');
    // Alpha without growth: full inside the mask, a soft rim of a px or two around it.
    const patch = editAlpha(pieceMask(placed, piece), 1, options.featherPx ?? 0.7);
    if (patch === null) continue;
    invariant(1 <= EDIT_GROW_PX, 'rim within the edit region');
    const reader = pieceReader(shots[piece.shape.shot], piece, 1, options.shotWhite);
    let last = -1;
    out = blendPixels(
      out,
      patch,
      (c, i) => {
        if (i !== last) {
          const x = patch.rect.x + (i % patch.rect.width) + 0.5;
          const y = patch.rect.y + Math.floor(i / patch.rect.width) + 0.5;
          reader.move(x, y);
          last = i;
        }
        return reader.value(c);
      },
      options.white ?? maxValue(good),
    );
  }
  return out;
}
