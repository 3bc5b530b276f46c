// The `paste` generator: a real defect cut out of its shot, turned and scaled, pasted on a good picture as it is.

import { invariant } from '../../base/errors.ts';
import { addMask } from '../../image/mask-ops.ts';
import type { Mask, Raster } from '../../image/raster.ts';
import { emptyMask } from '../../image/raster.ts';
import { growRect } from '../../image/rect.ts';
import { sampleBilinear, warpPoint } from '../../image/warp.ts';
import { cropToPlanes, whiteOf } from '../../image/window-crop.ts';
import { blendPixels, editAlpha } from './composite.ts';
import type { PlacedMask, PlacedPiece } from './mask-source.ts';
import type { Shot } from './shot.ts';

/** Reads the pixels of a warped piece: `move` to a position in the new picture, then `value` of channel 0, 1, 2 (0..1). */
export interface PieceReader {
  /** Native position in the new picture, pixel centres at +0.5. */
  move(x: number, y: number): void;
  value(c: number): number;
}

/**
 * Reader of a piece's source pixels. `detail` = output px per native px of the new picture: below 1 the shot is shrunk
 * (antialiased) before it is read.
 */
export function pieceReader(shot: Shot, piece: PlacedPiece, detail = 1, white?: number): PieceReader {
  const { bounds } = piece.shape;
  // Room for the rim and for what the smooth displacement reaches.
  const margin = Math.ceil(8 / Math.min(1, detail) + 0.25 * Math.max(bounds.width, bounds.height));
  const region = growRect(bounds, margin);
  const k = Math.min(1, detail * piece.warp.params.scale);
  const width = Math.max(1, Math.round(region.width * k));
  const height = Math.max(1, Math.round(region.height * k));
  const cut = cropToPlanes(shot.raster, region, width, height, { white });
  const kx = width / region.width;
  const ky = height / region.height;
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

/** Width of the soft rim around a pasted mark, native px. */
const RIM_PX = 2;

/** The pixels of one piece in a mask of the picture's size. */
export function pieceMask(placed: PlacedMask, piece: PlacedPiece): Mask {
  const out = emptyMask(placed.mask.width, placed.mask.height);
  addMask(out, piece.mask, piece.x, piece.y);
  return out;
}

/**
 * Pastes the pixels of the shots whose shapes the placed mask was made from. The label is the placed mask, exactly;
 * pixels change only on it and in a soft rim of 2 px.
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
    const patch = editAlpha(pieceMask(placed, piece), RIM_PX, options.featherPx ?? 0.7, 0);
    if (patch === null) continue;
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
      whiteOf(good, options.white),
    );
  }
  return out;
}
