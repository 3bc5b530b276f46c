// Batch normalisation of [N,C,...], with the batch's own statistics or with running ones.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { sizeOf } from '../../tensor/shape.ts';

/** [C] as [1,C,1,...] beside a tensor of `rank`. */
function perChannel(b: Builder, v: Value, rank: number): Value {
  return b.reshape(v, [1, v.shape[0], ...new Array<number>(rank - 2).fill(1)]);
}

function reductionAxes(x: Value): number[] {
  return x.shape.map((_, i) => i).filter((i) => i !== 1);
}

export interface BatchNormResult {
  readonly y: Value;
  /** Batch mean [C] and unbiased variance [C], without gradient: what running statistics are mixed from. */
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Training mode: x [N,C,...], weight and bias [C]; y uses the biased variance.
 * Running statistics: running = (1 - momentum) running + momentum batch, momentum 0.1 in torch.
 */
export function batchNorm(b: Builder, x: Value, weight: Value, bias: Value, eps = 1e-5): BatchNormResult {
  const rank = x.shape.length;
  const axes = reductionAxes(x);
  const count = sizeOf(x.shape) / x.shape[1];
  const mean = b.mean(x, axes, true);
  const centred = b.sub(x, mean);
  const biased = b.mean(b.square(centred), axes, true);
  const scale = b.mul(b.rsqrt(b.add(biased, eps)), perChannel(b, weight, rank));
  const unbiased = b.mul(biased, count / Math.max(1, count - 1));
  return {
    y: b.add(b.mul(centred, scale), perChannel(b, bias, rank)),
    mean: b.stopGradient(b.reshape(mean, weight.shape)),
    variance: b.stopGradient(b.reshape(unbiased, weight.shape)),
  };
}

/** Evaluation mode: the running mean and variance [C] instead of the batch's. */
export function batchNormEval(
  b: Builder,
  x: Value,
  weight: Value,
  bias: Value,
  running: { readonly mean: Value; readonly variance: Value },
  eps = 1e-5,
): Value {
  const rank = x.shape.length;
  const scale = b.mul(weight, b.rsqrt(b.add(running.variance, eps)));
  const centred = b.sub(x, perChannel(b, running.mean, rank));
  return b.add(b.mul(centred, perChannel(b, scale, rank)), perChannel(b, bias, rank));
}

/** (1 - momentum) running + momentum batch, for both statistics. */
export function runningStatistic(b: Builder, running: Value, batch: Value, momentum = 0.1): Value {
  return b.add(b.mul(running, 1 - momentum), b.mul(batch, momentum));
}
