// Which real shot a made defect resembles most: for the contact sheet and to notice memorised ones.

import { cropMask } from '../../image/mask-ops.ts';
import { maskCoverage } from '../../image/mask-resample.ts';
import type { Mask, Raster, Rect } from '../../image/raster.ts';
import { maskBounds } from '../../image/raster.ts';
import { longSide } from '../../image/rect.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import { localGroups } from './groups.ts';

/** Side of the thumbnails, px. */
const SIDE = 24;
/** Room around the mark, as a factor of its long side. */
const ROOM = 1.4;

/** Small square picture of one mark: colour [3,SIDE,SIDE] and mask cover [SIDE,SIDE], both 0..1. */
export interface MarkThumb {
  readonly colour: Float32Array;
  readonly cover: Float32Array;
  /** Square that was looked at, native px. */
  readonly rect: Rect;
}

/** Thumbnail of the largest local group of a mask; null for an empty mask. */
export function markThumb(raster: Raster, mask: Mask, white?: number): MarkThumb | null {
  const largest = maskBounds(mask) === null ? undefined : localGroups(mask)[0];
  if (largest === undefined) return null;
  const b = largest.bounds;
  const side = Math.max(8, Math.ceil(longSide(b) * ROOM));
  const rect: Rect = {
    x: Math.round(b.x + b.width / 2 - side / 2),
    y: Math.round(b.y + b.height / 2 - side / 2),
    width: side,
    height: side,
  };
  const local = cropMask(mask, rect);
  const cover = maskCoverage(local, { x: 0, y: 0, width: side, height: side }, SIDE, SIDE, 'zero');
  return { colour: cropToPlanes(raster, rect, SIDE, SIDE, { white }).data, cover, rect };
}

/** Index in a SIDE x SIDE square after turn k of the eight rotations and mirror images. */
function turned(i: number, k: number): number {
  let x = i % SIDE;
  let y = Math.floor(i / SIDE);
  if ((k & 4) !== 0) x = SIDE - 1 - x;
  for (let t = k & 3; t > 0; t--) [x, y] = [SIDE - 1 - y, x];
  return y * SIDE + x;
}

/**
 * Distance of two thumbnails, 0..1: mean absolute colour difference over what either mask covers (weighted by cover)
 * plus the share of covered area they do not have in common, halved; smallest over the eight turns and mirrors.
 */
export function thumbDistance(a: MarkThumb, b: MarkThumb): number {
  let best = Number.POSITIVE_INFINITY;
  const area = SIDE * SIDE;
  for (let k = 0; k < 8; k++) {
    let [colour, both, either] = [0, 0, 1e-9];
    for (let i = 0; i < area; i++) {
      const j = turned(i, k);
      const w = Math.max(a.cover[i], b.cover[j]);
      if (w === 0) continue;
      either += w;
      both += Math.min(a.cover[i], b.cover[j]);
      for (let c = 0; c < 3; c++)
        colour += (w * Math.abs(a.colour[c * area + i] - b.colour[c * area + j])) / 3;
    }
    best = Math.min(best, (colour / either + 1 - both / either) / 2);
  }
  return best;
}

/** The real mark nearest to a made one; null when there is nothing to compare. */
export function nearestShot(
  made: MarkThumb,
  real: readonly (MarkThumb | null)[],
): { index: number; distance: number } | null {
  let best: { index: number; distance: number } | null = null;
  real.forEach((thumb, index) => {
    if (thumb === null) return;
    const distance = thumbDistance(made, thumb);
    if (best === null || distance < best.distance) best = { index, distance };
  });
  return best;
}
