// The score map of one test picture, counted into bins: what every pooled metric needs, in a few kilobytes.

import { AppError, invariant } from '../base/errors.ts';
import { labelComponents } from '../image/components.ts';
import type { Mask } from '../image/raster.ts';

/**
 * Bins of equal width in ln(s / (1 - s)) for probabilities and in ln s for distances, 64 to a factor of e, over
 * [-18, 18]. Two scores in one bin count as tied: they differ by less than 1.6 % in their odds.
 */
export const SCORE_BINS = 2304;
const PER_UNIT = 64;
const HALF = SCORE_BINS / 2;

/** `probability`: 0..1; `distance`: 0 and up. */
export type ScoreScale = 'probability' | 'distance';

/** 0..SCORE_BINS-1, rising with the score. */
export function binOf(score: number, scale: ScoreScale): number {
  const log = Math.log(scale === 'probability' ? score / (1 - score) : score);
  const bin = Math.floor(log * PER_UNIT) + HALF;
  return bin < 0 ? 0 : bin < SCORE_BINS ? bin : SCORE_BINS - 1;
}

/** Lowest score of a bin. */
export function scoreOfBin(bin: number, scale: ScoreScale): number {
  const odds = Math.exp((bin - HALF) / PER_UNIT);
  return scale === 'probability' ? odds / (1 + odds) : odds;
}

/** Counts add up over pictures. */
export interface PictureCounts {
  /** Pixels per bin: of defects, and of everything else. */
  readonly defect: Float64Array;
  readonly good: Float64Array;
  /** Per bin: sum over defect pixels of 1 / (area of the pixel's region); the regions' share that is found. */
  readonly region: Float64Array;
  /** 8-connected regions of the mask. */
  readonly regions: number;
  /** At the fixed threshold: defect pixels found, and good pixels marked. */
  readonly fixed: { readonly found: number; readonly marked: number };
}

export interface CountOptions {
  /** Scores from here on count as found at the fixed threshold. */
  readonly threshold: number;
  readonly scale: ScoreScale;
  /** Pixels that do not count, of the mask's size. */
  readonly ignored?: Mask | null;
}

/** @param scores [H,W], of the mask's size */
export function countScores(scores: Float32Array, mask: Mask, options: CountOptions): PictureCounts {
  const { threshold, scale } = options;
  const ignored = options.ignored?.data ?? null;
  invariant(scores.length === mask.data.length, `${scores.length} scores for ${mask.data.length} pixels`);
  const [defect, good, region] = [0, 1, 2].map(() => new Float64Array(SCORE_BINS));
  const { labels, components } = labelComponents(mask);
  const weights = Float64Array.from([0, ...components.map(({ area }) => 1 / area)]);
  let [found, marked] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (ignored !== null && ignored[i] !== 0) continue;
    const score = scores[i];
    if (Number.isNaN(score)) throw new AppError('runtime', `score ${i} of a map is not a number`);
    const bin = binOf(score, scale);
    const label = labels[i];
    if (label === 0) {
      good[bin]++;
      if (score >= threshold) marked++;
    } else {
      defect[bin]++;
      region[bin] += weights[label];
      if (score >= threshold) found++;
    }
  }
  return { defect, good, region, regions: components.length, fixed: { found, marked } };
}

/** Neighbouring bins taken together: faster to add up, and coarser by that factor. */
export function mergeBins(counts: PictureCounts, factor: number): PictureCounts {
  const merged = (bins: Float64Array): Float64Array => {
    const out = new Float64Array(Math.ceil(bins.length / factor));
    for (let bin = 0; bin < bins.length; bin++) out[Math.floor(bin / factor)] += bins[bin];
    return out;
  };
  return {
    ...counts,
    defect: merged(counts.defect),
    good: merged(counts.good),
    region: merged(counts.region),
  };
}
