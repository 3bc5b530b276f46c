// Scores of positives and of negatives, each sorted: every threshold metric is one walk over both from the top.

import { AppError } from '../base/errors.ts';

export type Scores = Float32Array | Float64Array;

/** Labels and scores of one picture (pixels), or of a test set (pictures). Nonzero = positive. */
export interface Labelled {
  readonly labels: ArrayLike<number>;
  readonly scores: Scores;
}

/** Ascending; together one copy of the scores. */
export interface Ranking {
  readonly positives: Scores;
  readonly negatives: Scores;
}

/** Throws `runtime` for a score that is not a number, or for labels of another length. */
function checked({ labels, scores }: Labelled): number {
  if (labels.length !== scores.length)
    throw new AppError('runtime', `${scores.length} scores for ${labels.length} labels`);
  let positives = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]))
      throw new AppError('runtime', `score ${i} is not a number, so nothing can be measured with it`);
    if (labels[i] !== 0) positives++;
  }
  return positives;
}

/** Pools the parts and sorts them. Float64 throughout if any part is. */
export function rankScores(parts: readonly Labelled[]): Ranking {
  let [positive, all] = [0, 0];
  for (const part of parts) {
    positive += checked(part);
    all += part.scores.length;
  }
  const Floats = parts.some(({ scores }) => scores instanceof Float64Array) ? Float64Array : Float32Array;
  const [positives, negatives] = [new Floats(positive), new Floats(all - positive)];
  let [p, n] = [0, 0];
  for (const { labels, scores } of parts) {
    for (let i = 0; i < scores.length; i++) {
      if (labels[i] !== 0) positives[p++] = scores[i];
      else negatives[n++] = scores[i];
    }
  }
  return { positives: positives.sort(), negatives: negatives.sort() };
}

/** Called with every distinct score from the highest down, and how many of each kind reach it (score >= threshold). */
export type ThresholdVisit = (threshold: number, truePositives: number, falsePositives: number) => void;

/** Tied scores are one step. */
export function walkThresholds({ positives, negatives }: Ranking, visit: ThresholdVisit): void {
  let [p, n] = [positives.length, negatives.length];
  while (p > 0 || n > 0) {
    const threshold = Math.max(p > 0 ? positives[p - 1] : -Infinity, n > 0 ? negatives[n - 1] : -Infinity);
    while (p > 0 && positives[p - 1] === threshold) p--;
    while (n > 0 && negatives[n - 1] === threshold) n--;
    visit(threshold, positives.length - p, negatives.length - n);
  }
}
