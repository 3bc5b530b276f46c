// How real defects lie on their product: inside it, at its edge (gaps), or reaching over it (burrs).

import { distanceInside } from '../../image/distance.ts';
import { addMask, orMasks } from '../../image/mask-ops.ts';
import { resampleMask } from '../../image/mask-resample.ts';
import { dilate, fillHoles, openMask } from '../../image/morphology.ts';
import type { Mask } from '../../image/raster.ts';
import { emptyMask, maskArea } from '../../image/raster.ts';
import { pictureRect } from '../../image/rect.ts';
import type { DefectGroup } from './groups.ts';

/** Long side of the grid on which relations and places are computed, cells. */
export const GRID = 384;

export interface Relation {
  /** Share of the mark's surroundings that lies off the product: 0 inside, > 0 at its edge. */
  readonly touch: number;
  /** Unit vector from the mark to the open side, in the shot's axes; null when it does not touch the edge. */
  readonly opening: { readonly x: number; readonly y: number } | null;
  /** Mean distance of the mark's pixels to the product's edge, as a share of the largest there is, 0..1. */
  readonly depth: number;
  /** Share of the mark that differs from the ground and lies beyond the smooth outline of the product: a burr, something added. */
  readonly over: number;
}

/** On a surface that fills the picture a defect may lie anywhere. */
export const ANYWHERE: Relation = { touch: 0, opening: null, depth: 0.5, over: 0 };
/** From this `touch` on the defect is placed at the edge. */
export const AT_EDGE = 0.04;
/** From this `over` on the defect is not cut to the product. */
export const REACHES_OVER = 0.3;

/** Size of the grid for a picture. */
export function gridSize(p: { width: number; height: number }): { width: number; height: number; k: number } {
  const k = Math.min(1, GRID / Math.max(p.width, p.height));
  return { width: Math.max(1, Math.round(p.width * k)), height: Math.max(1, Math.round(p.height * k)), k };
}

/**
 * Relation of one group to its product. The intact product is taken as estimated foreground plus all marks (a gap
 * shows the background, so the estimate alone has a notch there), holes filled.
 */
export function measureRelation(group: DefectGroup, mask: Mask, foreground: Mask): Relation {
  const { width, height } = gridSize(mask);
  const toGrid = (m: Mask): Mask => resampleMask(m, pictureRect(m), width, height, 'zero');
  const seen = toGrid(foreground);
  const whole = fillHoles(orMasks(seen, toGrid(mask)));
  const own = emptyMask(mask.width, mask.height);
  addMask(own, group.mask, group.bounds.x, group.bounds.y);
  const mark = toGrid(own);

  const near = dilate(mark, 2);
  let [rim, open, ox, oy, mx, my, n, depth] = [0, 0, 0, 0, 0, 0, 0, 0];
  const inside = distanceInside(whole);
  let deepest = 1e-9;
  for (let i = 0; i < inside.length; i++) {
    deepest = Math.max(deepest, inside[i]);
    const x = i % width;
    const y = (i - x) / width;
    if (mark.data[i] !== 0) {
      n++;
      mx += x;
      my += y;
      depth += inside[i];
    } else if (near.data[i] !== 0) {
      rim++;
      if (whole.data[i] === 0) {
        open++;
        ox += x;
        oy += y;
      }
    }
  }
  const smooth = openMask(whole, Math.max(1, Math.round(0.1 * Math.sqrt(maskArea(whole)))));
  let beyond = 0;
  for (let i = 0; i < mark.data.length; i++) beyond += mark.data[i] & seen.data[i] & (1 - smooth.data[i]);
  const touch = rim === 0 ? 0 : open / rim;
  const dx = open === 0 ? 0 : ox / open - mx / n;
  const dy = open === 0 ? 0 : oy / open - my / n;
  const length = Math.hypot(dx, dy);
  return {
    touch,
    opening: touch >= AT_EDGE && length > 1e-6 ? { x: dx / length, y: dy / length } : null,
    depth: Math.min(1, depth / n / deepest),
    over: beyond / n,
  };
}
