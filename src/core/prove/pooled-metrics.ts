// The numbers of a proof out of the counts of its test pictures; a picture may count several times (bootstrap).

import type { MetricValues } from '../domain/proof.ts';
import { auroc, averagePrecision, f1Max } from '../metrics/detection.ts';
import { iouOf } from '../metrics/iou.ts';
import { rankScores } from '../metrics/ranking.ts';
import type { PictureCounts } from './score-histogram.ts';

/** One test picture as one detector sees it. */
export interface ScoredTest {
  readonly counts: PictureCounts;
  readonly isDefect: boolean;
  readonly imageScore: number;
}

/** Good pixels that may be marked when the regions' overlap is measured. */
const PRO_LIMIT = 0.3;

interface Pool {
  readonly defect: Float64Array;
  readonly good: Float64Array;
  readonly region: Float64Array;
  readonly regions: number;
  readonly found: number;
  readonly marked: number;
}

/**
 * Null where something is not defined: no defect pixel, no good picture, ...
 * @param times how often each picture counts
 */
export function pooledMetrics(
  tests: readonly ScoredTest[],
  times: ArrayLike<number> = new Uint8Array(tests.length).fill(1),
): MetricValues {
  const pool = poolOf(tests, times);
  return {
    ...pixelMetrics(pool),
    iouPerImageBest: perImageBest(tests, times),
    ...imageMetrics(tests, times),
  };
}

function poolOf(tests: readonly ScoredTest[], times: ArrayLike<number>): Pool {
  const bins = tests[0]?.counts.good.length ?? 0;
  const [defect, good, region] = [0, 1, 2].map(() => new Float64Array(bins));
  let [regions, found, marked] = [0, 0, 0];
  tests.forEach(({ counts }, p) => {
    const n = times[p];
    if (n === 0) return;
    for (let bin = 0; bin < bins; bin++) good[bin] += n * counts.good[bin];
    if (counts.regions > 0) {
      for (let bin = 0; bin < bins; bin++) {
        defect[bin] += n * counts.defect[bin];
        region[bin] += n * counts.region[bin];
      }
    }
    regions += n * counts.regions;
    found += n * counts.fixed.found;
    marked += n * counts.fixed.marked;
  });
  return { defect, good, region, regions, found, marked };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

function pixelMetrics({ defect, good, region, regions, found, marked }: Pool) {
  const [positives, negatives] = [sum(defect), sum(good)];
  if (positives === 0)
    return { iou: null, iouFixed: null, pixelAp: null, pixelAuroc: null, f1Max: null, pro: null };
  let [tp, fp, overlap, ap, area, pro, iou, f1] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let bin = defect.length - 1; bin >= 0; bin--) {
    if (defect[bin] === 0 && good[bin] === 0) continue;
    const [before, overlapBefore, fprBefore] = [tp, overlap, negatives > 0 ? fp / negatives : 0];
    tp += defect[bin];
    fp += good[bin];
    overlap += region[bin] / regions;
    ap += (defect[bin] / positives) * (tp / (tp + fp));
    area += (good[bin] * (tp + before)) / 2;
    iou = Math.max(iou, tp / (positives + fp));
    f1 = Math.max(f1, (2 * tp) / (tp + fp + positives));
    const fpr = negatives > 0 ? fp / negatives : 0;
    if (fpr > fprBefore && fprBefore < PRO_LIMIT) {
      const end = Math.min(fpr, PRO_LIMIT);
      const atEnd = overlapBefore + ((overlap - overlapBefore) * (end - fprBefore)) / (fpr - fprBefore);
      pro += ((end - fprBefore) * (overlapBefore + atEnd)) / 2;
    }
  }
  return {
    iou,
    iouFixed: iouOf({ both: found, either: positives + marked }),
    pixelAp: ap,
    pixelAuroc: negatives > 0 ? area / (positives * negatives) : null,
    f1Max: f1,
    pro: negatives > 0 ? pro / PRO_LIMIT : null,
  };
}

/** Best IoU of one picture over all thresholds; null without a defect pixel. */
export function bestIouOf({ defect, good }: PictureCounts): number | null {
  const positives = sum(defect);
  if (positives === 0) return null;
  let [tp, fp, best] = [0, 0, 0];
  for (let bin = defect.length - 1; bin >= 0; bin--) {
    tp += defect[bin];
    fp += good[bin];
    best = Math.max(best, tp / (positives + fp));
  }
  return best;
}

const bestOf = new WeakMap<PictureCounts, number | null>();

function perImageBest(tests: readonly ScoredTest[], times: ArrayLike<number>): number | null {
  let [total, count] = [0, 0];
  tests.forEach(({ counts }, p) => {
    if (times[p] === 0) return;
    let best = bestOf.get(counts);
    if (best === undefined) {
      best = bestIouOf(counts);
      bestOf.set(counts, best);
    }
    if (best === null) return;
    total += times[p] * best;
    count += times[p];
  });
  return count === 0 ? null : total / count;
}

function imageMetrics(tests: readonly ScoredTest[], times: ArrayLike<number>) {
  const [labels, scores]: [number[], number[]] = [[], []];
  tests.forEach(({ isDefect, imageScore }, p) => {
    for (let n = 0; n < times[p]; n++) {
      labels.push(isDefect ? 1 : 0);
      scores.push(imageScore);
    }
  });
  const ranking = rankScores([{ labels, scores: Float64Array.from(scores) }]);
  const goods = ranking.negatives.length > 0;
  return {
    imageAuroc: auroc(ranking),
    imageAp: goods ? averagePrecision(ranking) : null,
    imageF1Max: goods ? (f1Max(ranking)?.value ?? null) : null,
  };
}
