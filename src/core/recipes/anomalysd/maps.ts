// From distances between a window and its repairs to one map and one score (methods.md 3.4, steps 6 to 9).

import { blurPlane } from '../../image/blur.ts';
import type { Mask } from '../../image/raster.ts';

/** Adds a repair's distances [S,S] where its hole is: the cells of a scale tile the window. */
export function addInHole(map: Float32Array, distance: Float32Array, hole: Mask): void {
  for (let i = 0; i < map.length; i++) if (hole.data[i] !== 0) map[i] = distance[i];
}

/** Harmonic mean over the scales, per pixel: high only where every scale says so. */
export function harmonicMean(maps: readonly Float32Array[], epsilon: number): Float32Array {
  return maps[0].map((_, i) => {
    let inverse = 0;
    for (const map of maps) inverse += 1 / (map[i] + epsilon);
    return maps.length / inverse;
  });
}

/** (1 - alpha) scales + alpha prototype-guided; both [S,S]. */
export function combineMaps(scales: Float32Array, guided: Float32Array, alpha: number): Float32Array {
  return scales.map((v, i) => (1 - alpha) * v + alpha * guided[i]);
}

/** Largest value of the blurred map; `within` keeps it to the product. */
export function imageScore(
  map: Float32Array,
  width: number,
  height: number,
  sigma: number,
  within: Mask | null = null,
): number {
  const smooth = blurPlane(map, width, height, sigma);
  let best = 0;
  for (let i = 0; i < smooth.length; i++) {
    if (within === null || within.data[i] !== 0) best = Math.max(best, smooth[i]);
  }
  return best;
}

/** What good pictures say about a score that counts as anomalous. */
export interface ScoreThreshold {
  /** Null without a good score. */
  readonly value: number | null;
  /** Whether there are enough good scores for the rate. */
  readonly supported: boolean;
}

/**
 * The score that at most a share `falseAlarms` of good pictures exceeds (split conformal: the k-th smallest of n,
 * k = ceil((n + 1)(1 - rate))). With too few for the rate it is the highest one.
 */
export function scoreThreshold(good: readonly number[], falseAlarms: number): ScoreThreshold {
  if (good.length === 0) return { value: null, supported: false };
  const sorted = good.toSorted((a, b) => a - b);
  const k = Math.ceil((sorted.length + 1) * (1 - falseAlarms));
  return { value: sorted[Math.min(k, sorted.length) - 1], supported: k <= sorted.length };
}
