// Losses that methods share; each a scalar.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';

/** Mean of (x - y)^2 over everything. */
export function mse(b: Builder, x: Value, y: Value): Value {
  return b.mean(b.square(b.sub(x, y)), 'all');
}

/** Mean of |x - y| over everything. */
export function l1(b: Builder, x: Value, y: Value): Value {
  return b.mean(b.abs(b.sub(x, y)), 'all');
}

export interface FocalOptions {
  readonly gamma?: number;
  /** Added to p_t, and how far the one-hot target is kept from 0 and 1. */
  readonly smooth?: number;
}

/**
 * -(1 - p_t)^gamma log p_t per pixel (methods.md 1.6, DRAEM's released code):
 * p_t = sum_c y_c p_c + smooth, y = one-hot(trunc(mask)) clamped to [smooth, 1 - smooth].
 * `trunc`: of a soft mask only pixels of exactly 1 are anomaly.
 * @param probabilities [N,2,H,W], after softmax; channel 1 is the anomaly
 * @param mask [N,1,H,W] in 0..1
 * @returns [N,1,H,W]
 */
export function focalMap(
  b: Builder,
  probabilities: Value,
  mask: Value,
  { gamma = 2, smooth = 1e-5 }: FocalOptions = {},
): Value {
  const anomaly = b.cast(b.cast(b.stopGradient(mask), 'int32'), 'float32');
  const y1 = b.clip(anomaly, smooth, 1 - smooth);
  const y0 = b.clip(b.sub(1, anomaly), smooth, 1 - smooth);
  const [p0, p1] = b.split(probabilities, 1, 2);
  const pt = b.add(b.add(b.mul(y0, p0), b.mul(y1, p1)), smooth);
  const miss = b.sub(1, pt);
  const weight = gamma === 2 ? b.square(miss) : b.pow(miss, gamma);
  return b.neg(b.mul(weight, b.log(pt)));
}

/** Mean of `focalMap` over all pixels. */
export function focalLoss(b: Builder, probabilities: Value, mask: Value, options: FocalOptions = {}): Value {
  return b.mean(focalMap(b, probabilities, mask, options), 'all');
}
