// Norms, variances and other summaries over axes.

import type { Axes, Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { sizeOf } from '../../tensor/shape.ts';

/** Variance over `axes`; `correction` 0 is the biased one, 1 divides by n - 1. */
export function variance(
  b: Builder,
  x: Value,
  axes: Axes,
  options: { correction?: number; keepDims?: boolean } = {},
): Value {
  const { correction = 0, keepDims = false } = options;
  const squares = b.square(b.sub(x, b.mean(x, axes, true)));
  const total = b.sum(squares, axes, keepDims);
  return b.mul(total, 1 / (sizeOf(x.shape) / sizeOf(total.shape) - correction));
}

/** Square root of the sum of squares over `axes`. Its gradient at 0 is not defined (NaN, as 0/0). */
export function l2Norm(b: Builder, x: Value, axes: Axes, keepDims = false): Value {
  return b.sqrt(b.sum(b.square(x), axes, keepDims));
}

/** log(sum(exp(x))) over `axes`, without overflow. */
export function logSumExp(b: Builder, x: Value, axes: Axes, keepDims = false): Value {
  const top = b.stopGradient(b.max(x, axes, true));
  const spread = b.log(b.sum(b.exp(b.sub(x, top)), axes, keepDims));
  return b.add(spread, b.reshape(top, spread.shape));
}

/** x . y / (max(|x|, eps) max(|y|, eps)) along one axis, which goes away. */
export function cosineSimilarity(b: Builder, x: Value, y: Value, axis: number, eps = 1e-8): Value {
  const norms = b.mul(b.maximum(l2Norm(b, x, [axis]), eps), b.maximum(l2Norm(b, y, [axis]), eps));
  return b.div(b.sum(b.mul(x, y), [axis]), norms);
}

/**
 * (x - min) / (max - min) over the whole tensor, no epsilon; the gradient flows through min and max.
 * A constant tensor gives NaN, as in SeaS's code (methods.md 1.4).
 */
export function minMaxNormalise(b: Builder, x: Value): Value {
  const low = b.min(x, 'all');
  return b.div(b.sub(x, low), b.sub(b.max(x, 'all'), low));
}

export interface ClippedValues {
  readonly scaled: readonly Value[];
  /** Global norm before clipping, []. */
  readonly norm: Value;
}

/** Scales all by min(1, maxNorm / (norm + eps)), norm over everything (torch.nn.utils.clip_grad_norm_). */
export function clipByGlobalNorm(
  b: Builder,
  values: readonly Value[],
  maxNorm: number,
  eps = 1e-6,
): ClippedValues {
  const squares = values.map((v) => b.sum(b.square(v), 'all'));
  const norm = b.sqrt(squares.reduce((x, y) => b.add(x, y)));
  const scale = b.minimum(b.mul(b.reciprocal(b.add(norm, eps)), maxNorm), 1);
  return { scaled: values.map((v) => b.mul(v, scale)), norm };
}
