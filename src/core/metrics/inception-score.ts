// Inception score: how sure a classifier is of each picture, and how much the pictures differ.

import { invariant } from '../base/errors.ts';
import type { Spread } from './average.ts';
import { spread } from './average.ts';

/** Natural log of the softmax of one row. */
function logSoftmax(logits: ArrayLike<number>, from: number, classes: number): Float64Array {
  const out = new Float64Array(classes);
  let top = -Infinity;
  for (let c = 0; c < classes; c++) top = Math.max(top, logits[from + c]);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(logits[from + c] - top);
  for (let c = 0; c < classes; c++) out[c] = logits[from + c] - top - Math.log(sum);
  return out;
}

/** exp of the mean KL divergence of p(y|x) from p(y) over the rows from `begin` to before `end`. */
function scoreOfRows(logits: ArrayLike<number>, classes: number, begin: number, end: number): number {
  const marginal = new Float64Array(classes);
  let negativeEntropy = 0;
  for (let row = begin; row < end; row++) {
    const log = logSoftmax(logits, row * classes, classes);
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(log[c]);
      if (p === 0) continue;
      marginal[c] += p / (end - begin);
      negativeEntropy += (p * log[c]) / (end - begin);
    }
  }
  const cross = marginal.reduce((sum, p) => (p > 0 ? sum + p * Math.log(p) : sum), 0);
  return Math.exp(negativeEntropy - cross);
}

export interface InceptionScore extends Spread {
  readonly splits: readonly number[];
}

/**
 * Split i holds the rows floor(i n / k) to before floor((i + 1) n / k), in the order given; the same picture
 * repeated gives exactly 1. Null with fewer rows than splits.
 * @param logits [n,classes], flat
 */
export function inceptionScore(
  logits: ArrayLike<number>,
  classes: number,
  splits = 10,
): InceptionScore | null {
  const n = logits.length / classes;
  invariant(Number.isInteger(n) && splits >= 1, `${logits.length} logits of ${classes} classes`);
  if (n < splits) return null;
  const scores = Array.from({ length: splits }, (_, i) =>
    scoreOfRows(logits, classes, Math.floor((i * n) / splits), Math.floor(((i + 1) * n) / splits)),
  );
  const { mean, deviation } = spread(scores) as Spread;
  return { splits: scores, mean, deviation };
}
