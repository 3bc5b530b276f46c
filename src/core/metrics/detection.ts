// AUROC, average precision and the best F1 of a ranking. Undefined is null: leave it out of averages.

import { type Ranking, walkThresholds } from './ranking.ts';

/** Area under the ROC curve, trapezoid over distinct scores: ties count half. Null without both kinds. */
export function auroc(ranking: Ranking): number | null {
  const [positives, negatives] = [ranking.positives.length, ranking.negatives.length];
  if (positives === 0 || negatives === 0) return null;
  let [area, tpBefore, fpBefore] = [0, 0, 0];
  walkThresholds(ranking, (_, tp, fp) => {
    area += ((fp - fpBefore) * (tp + tpBefore)) / 2;
    [tpBefore, fpBefore] = [tp, fp];
  });
  return area / (positives * negatives);
}

/** Sum over thresholds of (R_n - R_{n-1}) P_n, without interpolation. Null without positives. */
export function averagePrecision(ranking: Ranking): number | null {
  const positives = ranking.positives.length;
  if (positives === 0) return null;
  let [sum, before] = [0, 0];
  walkThresholds(ranking, (_, tp, fp) => {
    sum += ((tp - before) * tp) / (tp + fp);
    before = tp;
  });
  return sum / positives;
}

export interface Best {
  readonly value: number;
  /** The lowest score that counts as positive; of equal values the lowest threshold. */
  readonly threshold: number;
}

function best(ranking: Ranking, measure: (tp: number, fp: number, positives: number) => number): Best | null {
  const positives = ranking.positives.length;
  if (positives === 0) return null;
  let found: Best | null = null;
  walkThresholds(ranking, (threshold, tp, fp) => {
    const value = measure(tp, fp, positives);
    if (found === null || value >= found.value) found = { value, threshold };
  });
  return found;
}

/** Largest 2PR / (P + R) over all thresholds. Null without positives. */
export function f1Max(ranking: Ranking): Best | null {
  return best(ranking, (tp, fp, positives) => (2 * tp) / (tp + fp + positives));
}

/** Largest TP / (TP + FP + FN) over all thresholds: of one picture, or pooled over a set. Null without positives. */
export function bestIou(ranking: Ranking): Best | null {
  return best(ranking, (tp, fp, positives) => tp / (fp + positives));
}
