// AnoGen's weak segmentation loss: a box holds good pixels too, so those surely good cost nothing (methods.md 2.6).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { type FocalOptions, focalMap } from '../../nets/functional.ts';

/** Below this probability of a defect a pixel of the box counts as surely good. */
export const WEAK_THRESHOLD = 0.1;

/**
 * Focal loss over pixels outside the box, and over those inside whose defect probability is above `threshold`;
 * divided by all pixels.
 * @param probabilities [N,2,H,W] after softmax
 * @param box [N,1,H,W], 0 or 1
 */
export function weakFocalLoss(
  b: Builder,
  probabilities: Value,
  box: Value,
  options: FocalOptions & { readonly threshold?: number } = {},
): Value {
  const { threshold = WEAK_THRESHOLD, ...focal } = options;
  const defect = b.stopGradient(b.narrow(probabilities, 1, 1, 1));
  const isSuspect = b.cast(b.greater(defect, threshold), 'float32');
  const isOutside = b.cast(b.equal(box, 0), 'float32');
  const counts = b.maximum(isSuspect, isOutside);
  return b.mean(b.mul(focalMap(b, probabilities, box, focal), counts), 'all');
}
