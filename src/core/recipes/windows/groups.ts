// Splits a mask into local groups of marks: what counts as one defect when sizes are measured and shapes are reused.

import { labelComponents } from '../../image/components.ts';
import { addMask } from '../../image/mask-ops.ts';
import type { Mask, Rect } from '../../image/raster.ts';
import { emptyMask } from '../../image/raster.ts';
import { longSide, rectGap, unionRect } from '../../image/rect.ts';

/** Marks that lie close to each other, cut out of the picture's mask. */
export interface DefectGroup {
  /** Where it lies, native px. */
  readonly bounds: Rect;
  /** Set pixels. */
  readonly area: number;
  /** Number of connected components. */
  readonly parts: number;
  /** Size of `bounds`; only this group's own pixels are set. */
  readonly mask: Mask;
}

/** Two marks belong together when the gap between their boxes is at most this share of the larger mark's long side. */
const REACH = 0.35;
/** ... or at most this many px: ragged mask edges leave crumbs. */
const MIN_REACH_PX = 2;

/**
 * Local groups of a mask, largest area first. Scattered specks stay single groups, a splash with its droplets or a
 * broken line of pieces is one. The rule looks only at the marks' own sizes, never at the picture's.
 */
export function localGroups(mask: Mask): DefectGroup[] {
  const { labels, components } = labelComponents(mask);
  const byX = components.toSorted((a, b) => a.bounds.x - b.bounds.x || a.label - b.label);
  const parent = components.map((_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r];
    return r;
  };
  let farthest = MIN_REACH_PX;
  for (const c of components) farthest = Math.max(farthest, REACH * longSide(c.bounds));
  for (let i = 0; i < byX.length; i++) {
    const a = byX[i];
    for (let j = i + 1; j < byX.length; j++) {
      const b = byX[j];
      if (b.bounds.x - (a.bounds.x + a.bounds.width) > farthest) break;
      const reach = Math.max(MIN_REACH_PX, REACH * Math.max(longSide(a.bounds), longSide(b.bounds)));
      if (rectGap(a.bounds, b.bounds) <= reach) parent[root(b.label - 1)] = root(a.label - 1);
    }
  }
  const found = new Map<number, { bounds: Rect; area: number; parts: number }>();
  for (const c of components) {
    const r = root(c.label - 1);
    const g = found.get(r);
    if (g === undefined) found.set(r, { bounds: c.bounds, area: c.area, parts: 1 });
    else found.set(r, { bounds: unionRect(g.bounds, c.bounds), area: g.area + c.area, parts: g.parts + 1 });
  }
  const groups = [...found].map(([r, g]) => ({
    ...g,
    mask: cutOut(labels, mask.width, g.bounds, (l) => root(l - 1) === r),
  }));
  return groups.sort((a, b) => b.area - a.area || a.bounds.y - b.bounds.y || a.bounds.x - b.bounds.x);
}

function cutOut(labels: Int32Array, width: number, bounds: Rect, own: (label: number) => boolean): Mask {
  const out = emptyMask(bounds.width, bounds.height);
  for (let y = 0; y < bounds.height; y++) {
    for (let x = 0; x < bounds.width; x++) {
      const label = labels[(bounds.y + y) * width + bounds.x + x];
      if (label !== 0 && own(label)) out.data[y * bounds.width + x] = 1;
    }
  }
  return out;
}

/** Several groups of one picture as one. */
export function mergeGroups(groups: readonly DefectGroup[]): DefectGroup {
  let bounds = groups[0].bounds;
  for (const g of groups) bounds = unionRect(bounds, g.bounds);
  const mask = emptyMask(bounds.width, bounds.height);
  for (const g of groups) addMask(mask, g.mask, g.bounds.x - bounds.x, g.bounds.y - bounds.y);
  return {
    bounds,
    area: groups.reduce((n, g) => n + g.area, 0),
    parts: groups.reduce((n, g) => n + g.parts, 0),
    mask,
  };
}

/** The seed group with those near it, nearest first, as long as the common box stays within maxSide px. */
export function neighbourhood(
  groups: readonly DefectGroup[],
  seed: DefectGroup,
  maxSide: number,
): DefectGroup {
  const chosen = [seed];
  let bounds = seed.bounds;
  const others = groups
    .filter((g) => g !== seed)
    .map((g) => ({ g, gap: rectGap(g.bounds, seed.bounds) }))
    .sort((a, b) => a.gap - b.gap || b.g.area - a.g.area);
  for (const { g } of others) {
    const grown = unionRect(bounds, g.bounds);
    if (longSide(grown) > maxSide) continue;
    bounds = grown;
    chosen.push(g);
  }
  return mergeGroups(chosen);
}
