// Per-region overlap: the mean share of each defect region that is found, against the share of good pixels marked.

import { AppError, invariant } from '../base/errors.ts';
import { labelComponents } from '../image/components.ts';
import type { Mask } from '../image/raster.ts';

/** A score map [H,W] beside its mask. */
export interface ScoredPicture {
  readonly mask: Mask;
  readonly scores: Float32Array;
}

/** Everything the curve needs, 8 bytes a defect pixel and 4 a good one. */
export interface RegionRanking {
  /** Ascending keys: score (sortable bits) * AREAS + index of the region's area in `areas`. */
  readonly defects: Float64Array;
  /** Scores of good pixels, ascending. */
  readonly good: Float32Array;
  /** The distinct region sizes in pixels. */
  readonly areas: readonly number[];
  readonly regions: number;
}

/**
 * A pixel weighs 1 / (area of its region), so a region is known by its area alone. Distinct areas are few: k of them
 * need at least k (k + 1) / 2 pixels. A 32-bit score and a 21-bit index are exact in a double.
 */
const AREAS = 2 ** 21;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Unsigned integer in the order of the floats; -0 as 0. */
function sortable(score: number): number {
  float[0] = score + 0;
  const u = bits[0];
  return u >= 0x80000000 ? 0xffffffff - u : u + 0x80000000;
}

function scoreOf(key: number): number {
  const s = Math.floor(key / AREAS);
  bits[0] = s >= 0x80000000 ? s - 0x80000000 : 0xffffffff - s;
  return float[0];
}

/** Regions are 8-connected. */
export function rankRegions(pictures: readonly ScoredPicture[]): RegionRanking {
  let [defectPixels, all] = [0, 0];
  for (const { mask, scores } of pictures) {
    invariant(mask.data.length === scores.length, `${scores.length} scores for ${mask.data.length} pixels`);
    for (const v of mask.data) if (v !== 0) defectPixels++;
    all += scores.length;
  }
  const defects = new Float64Array(defectPixels);
  const good = new Float32Array(all - defectPixels);
  const areaIndex = new Map<number, number>();
  let [d, g, regions] = [0, 0, 0];
  for (const { mask, scores } of pictures) {
    const { labels, components } = labelComponents(mask);
    const indexOf = components.map(({ area }) => {
      const index = areaIndex.get(area) ?? areaIndex.size;
      areaIndex.set(area, index);
      return index;
    });
    regions += components.length;
    for (let i = 0; i < scores.length; i++) {
      if (Number.isNaN(scores[i])) throw new AppError('runtime', `score ${i} of a map is not a number`);
      if (labels[i] === 0) good[g++] = scores[i];
      else defects[d++] = sortable(scores[i]) * AREAS + indexOf[labels[i] - 1];
    }
  }
  return { defects: defects.sort(), good: good.sort(), areas: [...areaIndex.keys()], regions };
}

/** Visits every distinct score from the highest down. Nothing is visited where the curve is undefined. */
export function walkPro(
  { defects, good, areas, regions }: RegionRanking,
  visit: (fpr: number, pro: number, threshold: number) => void,
): void {
  if (regions === 0 || good.length === 0) return;
  const weights = Float64Array.from(areas, (area) => 1 / (area * regions));
  let [d, g, pro] = [defects.length, good.length, 0];
  let next = d > 0 ? scoreOf(defects[d - 1]) : -Infinity;
  while (d > 0 || g > 0) {
    const threshold = Math.max(d > 0 ? next : -Infinity, g > 0 ? good[g - 1] : -Infinity);
    while (d > 0 && next === threshold) {
      pro += weights[defects[d - 1] % AREAS];
      d--;
      if (d > 0) next = scoreOf(defects[d - 1]);
    }
    while (g > 0 && good[g - 1] === threshold) g--;
    visit((good.length - g) / good.length, pro, threshold);
  }
}

/**
 * Area under the curve up to a false positive rate of `limit` (0..1], divided by it: trapezoids over the distinct
 * scores from (0,0), interpolated linearly at the limit. Null without a defect region or without a good pixel.
 */
export function aupro(ranking: RegionRanking, limit: number): number | null {
  invariant(limit > 0 && limit <= 1, `a false positive rate of ${limit}`);
  if (ranking.regions === 0 || ranking.good.length === 0) return null;
  let [area, fprBefore, proBefore] = [0, 0, 0];
  walkPro(ranking, (fpr, pro) => {
    if (fpr > fprBefore && fprBefore < limit) {
      const end = Math.min(fpr, limit);
      const atEnd = proBefore + ((pro - proBefore) * (end - fprBefore)) / (fpr - fprBefore);
      area += ((end - fprBefore) * (proBefore + atEnd)) / 2;
    }
    [fprBefore, proBefore] = [fpr, pro];
  });
  return area / limit;
}
