// Shapes that new masks are made from: cut out of the real defects' masks, or handed over by a mask model.

import { invariant } from '../../base/errors.ts';
import { cropMask } from '../../image/mask-ops.ts';
import type { Mask, Rect } from '../../image/raster.ts';
import { maskArea, maskBounds } from '../../image/raster.ts';
import { localGroups, neighbourhood } from './groups.ts';
import type { Relation } from './relation.ts';
import { ANYWHERE, measureRelation } from './relation.ts';
import type { WorkingScale } from './working-scale.ts';

/** A shape that can become a defect's mask. */
export interface MaskShape {
  /** Index of the shot it was cut from, or null (mask model, drawn shapes). */
  readonly shot: number | null;
  /** Where it lies in that shot's picture; for other shapes its own box at (0, 0). */
  readonly bounds: Rect;
  /** Size of `bounds`. */
  readonly mask: Mask;
  readonly area: number;
  readonly relation: Relation;
  /** Chance of being picked, relative to the others. */
  readonly weight: number;
}

/** Median mask area of the shots, native px per picture. */
export function medianMaskArea(shots: readonly { mask: Mask }[]): number {
  const areas = shots.map((s) => maskArea(s.mask)).sort((a, b) => a - b);
  invariant(areas.length > 0, 'no masks');
  const mid = areas.length >> 1;
  return areas.length % 2 === 1 ? areas[mid] : (areas[mid - 1] + areas[mid]) / 2;
}

/** Groups per picture that start a shape; a dusty picture has hundreds. */
const MAX_SEEDS = 24;

/**
 * Shapes of the real defects: every local group with its neighbours as far as they fit into one window together.
 * `foregrounds[i]` is the product in shot i, null for a surface that fills the picture.
 */
export function realShapes(
  shots: readonly { mask: Mask }[],
  foregrounds: readonly (Mask | null)[],
  scale: WorkingScale,
): MaskShape[] {
  const shapes: MaskShape[] = [];
  shots.forEach(({ mask }, shot) => {
    const groups = localGroups(mask);
    const total = groups.reduce((n, g) => n + g.area, 0);
    const seen = new Set<string>();
    const foreground = foregrounds[shot];
    for (const seed of groups.slice(0, MAX_SEEDS)) {
      const group = neighbourhood(groups, seed, 0.85 * scale.windowPx);
      const key = `${group.bounds.x},${group.bounds.y},${group.bounds.width},${group.bounds.height}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const relation = foreground === null ? ANYWHERE : measureRelation(group, mask, foreground);
      shapes.push({
        shot,
        bounds: group.bounds,
        mask: group.mask,
        area: group.area,
        relation,
        weight: seed.area / total,
      });
    }
  });
  return shapes;
}

/** Shapes from another supplier (a mask model): boxes cut tight, allowed anywhere on the product. */
export function shapesFromMasks(masks: readonly Mask[], relation: Relation = ANYWHERE): MaskShape[] {
  const out: MaskShape[] = [];
  for (const mask of masks) {
    const box = maskBounds(mask);
    if (box === null) continue;
    const cut = cropMask(mask, box);
    out.push({ shot: null, bounds: box, mask: cut, area: maskArea(cut), relation, weight: 1 });
  }
  return out;
}
