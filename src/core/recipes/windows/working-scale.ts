// Chooses at which scale a product is looked at: working px per native px, from its defects' sizes alone.

import { invariant } from '../../base/errors.ts';
import { distanceInside } from '../../image/distance.ts';
import { cropMask } from '../../image/mask-ops.ts';
import type { Mask } from '../../image/raster.ts';
import { growRect, longSide } from '../../image/rect.ts';
import type { DefectGroup } from './groups.ts';
import { localGroups } from './groups.ts';

/** A typical defect's box covers this share of the window's area (wanted: 1/4 to 1/2). */
const BOX_SHARE = 1 / 3;
/** ... and its long side at most this share of the window's side. */
const LONG_SHARE = 0.85;
/** A defect should measure at least this many working px; below it the window is enlarged. */
const MIN_SIZE = 6;
/** A thin defect should be at least this many working px thick. */
const MIN_THICKNESS = 1;
/** Below this thickness at the coarser scale a large defect is cut into overlapping windows instead. */
const COARSE_THICKNESS = 1.5;
/** Windows are never enlarged more than this: finer detail is not in the picture. */
const MAX_SCALE = 4;
/** Scales this close to 1 become 1: native pixels pass unresampled. */
const SNAP = 0.12;

/** Sizes of one local group, native px. */
export interface DefectSize {
  /** Side of the square that stands for the group: from its box's area, or from its long side if that is larger. */
  readonly size: number;
  readonly longSide: number;
  /** Largest inscribed width. */
  readonly thickness: number;
  readonly weight: number;
}

export interface WorkingScale {
  /** Working px per native px. */
  readonly scale: number;
  /** Side of the window in native px; scale = workingSize / windowPx. */
  readonly windowPx: number;
  /** Side of the window the pack works at, px. */
  readonly workingSize: number;
  /** Median size of the defects, native px, per type and over all. */
  readonly typicalPx: number;
  readonly typicalByType: Readonly<Record<string, number>>;
  /** Share of the window's area that a typical defect's box covers. */
  readonly fill: number;
  /** Why this scale, for the person who may change it. */
  readonly reason: 'fill' | 'native' | 'tiny' | 'thin' | 'picture' | 'chosen';
}

/** Largest inscribed width of a group, px. */
export function groupThickness(group: DefectGroup): number {
  // One empty px around it, because the distance does not count the picture's border as an edge.
  const framed = cropMask(
    group.mask,
    growRect({ x: 0, y: 0, width: group.mask.width, height: group.mask.height }, 1),
  );
  let max = 0;
  for (const d of distanceInside(framed)) if (d > max) max = d;
  return 2 * max - 1;
}

/** Sizes of all local groups of one mask; weights follow area and add up to 1. */
export function defectSizes(mask: Mask): DefectSize[] {
  const groups = localGroups(mask);
  const total = groups.reduce((n, g) => n + g.area, 0);
  return groups.map((g) => {
    const long = longSide(g.bounds);
    return {
      size: Math.max(Math.sqrt(g.bounds.width * g.bounds.height), (long * Math.sqrt(BOX_SHARE)) / LONG_SHARE),
      longSide: long,
      thickness: groupThickness(g),
      weight: g.area / total,
    };
  });
}

function weightedMedian(values: readonly { value: number; weight: number }[]): number {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const half = sorted.reduce((n, v) => n + v.weight, 0) / 2;
  let sum = 0;
  for (const v of sorted) {
    sum += v.weight;
    if (sum >= half - 1e-9) return v.value;
  }
  return sorted[sorted.length - 1].value;
}

/** A scale chosen by hand, or stored with a run. */
export function fixedScale(scale: number, workingSize: number, typicalPx = 0): WorkingScale {
  const windowPx = Math.max(1, Math.round(workingSize / scale));
  return {
    scale: workingSize / windowPx,
    windowPx,
    workingSize,
    typicalPx,
    typicalByType: {},
    fill: (typicalPx / windowPx) ** 2,
    reason: 'chosen',
  };
}

/**
 * One working scale per product. The typical defect (median over local groups, weighted by area within a picture and
 * equally over pictures and types) covers a third of the window's area, but
 * - never enlarged for that alone: small defects on a fine surface are seen at native pixels (scale 1);
 * - types smaller than 6 working px make the scale finer, up to 1, and up to 4 if even native pixels are too few;
 * - defects thinner than 1 working px make it finer, up to 1: a long scratch is then made in overlapping windows;
 * - the window never exceeds the largest picture side, unless the defect itself does.
 * Larger defects than the window: see planWindows (window-plan.ts): coarser or overlapping windows.
 */
export function chooseWorkingScale(
  shots: readonly { mask: Mask; type: string }[],
  workingSize: number,
): WorkingScale {
  invariant(shots.length > 0, 'no defect pictures to choose a scale from');
  const byType = new Map<string, { value: number; thickness: number; weight: number }[]>();
  let pictureSide = 1;
  for (const { mask, type } of shots) {
    pictureSide = Math.max(pictureSide, mask.width, mask.height);
    const list = byType.get(type) ?? [];
    for (const s of defectSizes(mask)) list.push({ value: s.size, thickness: s.thickness, weight: s.weight });
    byType.set(type, list);
  }
  const typicalByType: Record<string, number> = {};
  let smallest = Number.POSITIVE_INFINITY;
  let thinnest = Number.POSITIVE_INFINITY;
  const all: { value: number; weight: number }[] = [];
  for (const [type, list] of byType) {
    invariant(list.length > 0, `type ${type} has only empty masks`);
    const sum = list.reduce((n, v) => n + v.weight, 0);
    const typical = weightedMedian(list);
    typicalByType[type] = typical;
    smallest = Math.min(smallest, typical);
    thinnest = Math.min(
      thinnest,
      weightedMedian(list.map((v) => ({ value: v.thickness, weight: v.weight }))),
    );
    all.push(...list.map((v) => ({ value: v.value, weight: v.weight / sum })));
  }
  const typicalPx = weightedMedian(all);

  let scale = (Math.sqrt(BOX_SHARE) * workingSize) / typicalPx;
  let reason: WorkingScale['reason'] = 'fill';
  const widest = workingSize / Math.max(pictureSide, typicalPx);
  if (scale < widest) [scale, reason] = [widest, 'picture'];
  if (scale > 1) [scale, reason] = [1, 'native'];
  const forThin = Math.min(1, MIN_THICKNESS / thinnest);
  if (scale < forThin) [scale, reason] = [forThin, 'thin'];
  const forTiny = MIN_SIZE / smallest;
  if (scale < forTiny) [scale, reason] = [Math.min(MAX_SCALE, forTiny), 'tiny'];
  if (Math.abs(scale - 1) <= SNAP) scale = 1;
  return { ...fixedScale(scale, workingSize, typicalPx), typicalByType, reason };
}

/**
 * Window side (native px) for one defect: the product's window, or a larger one that holds the defect where it is
 * too large for that and stays thick enough; null when it must be cut into overlapping windows.
 */
export function windowSideFor(scale: WorkingScale, group: DefectGroup): number | null {
  const long = longSide(group.bounds);
  const needed = Math.ceil(long / LONG_SHARE);
  if (needed <= scale.windowPx) return scale.windowPx;
  // Slightly too large: it still lies within the window with a few px of surroundings.
  if (long <= scale.windowPx * 0.92) return scale.windowPx;
  return (groupThickness(group) * scale.workingSize) / needed >= COARSE_THICKNESS ? needed : null;
}
