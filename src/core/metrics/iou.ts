// Intersection over union of two binary masks, and of score maps cut at a fixed threshold.

import { invariant } from '../base/errors.ts';
import type { Labelled } from './ranking.ts';

/** Pixels set in both, and in either. Sums of two pictures pool them. */
export interface Overlap {
  readonly both: number;
  readonly either: number;
}

/** 0..1, or null when nothing is set in either (undefined: leave it out of averages). */
export function iouOf({ both, either }: Overlap): number | null {
  return either === 0 ? null : both / either;
}

/** Nonzero = set. */
export function iou(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  invariant(a.length === b.length, `iou of ${a.length} and ${b.length} pixels`);
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    const inA = a[i] !== 0;
    const inB = b[i] !== 0;
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return iouOf({ both, either });
}

/** Overlap of the labels with scores of at least `threshold`. */
export function overlapAt({ labels, scores }: Labelled, threshold: number): Overlap {
  invariant(labels.length === scores.length, `iou of ${labels.length} and ${scores.length} pixels`);
  let both = 0;
  let either = 0;
  for (let i = 0; i < scores.length; i++) {
    const isDefect = labels[i] !== 0;
    const isFound = scores[i] >= threshold;
    if (isDefect && isFound) both++;
    if (isDefect || isFound) either++;
  }
  return { both, either };
}

/** IoU of all pixels of a set at one threshold. */
export function pooledIou(parts: readonly Labelled[], threshold: number): number | null {
  let [both, either] = [0, 0];
  for (const part of parts) {
    const overlap = overlapAt(part, threshold);
    both += overlap.both;
    either += overlap.either;
  }
  return iouOf({ both, either });
}
