// AnoGen's embedding: one token row is trained so that the frozen model denoises the defect well (methods.md 2.3).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { bilinearMask, type MaskStack } from '../seas/mask-pyramid.ts';

/** The box or mask on the latent grid: 1 where the bilinear value is not 0. A defect between all taps vanishes. */
export function latentRegion(mask: MaskStack, height: number, width: number): MaskStack {
  const soft = bilinearMask(mask, height, width);
  return { ...soft, data: soft.data.map((v) => (v === 0 ? 0 : 1)) };
}

/**
 * `all` divides by every element, as released: small defects give small gradients. `region` divides by the marked
 * ones of the batch.
 */
export type RegionMean = 'all' | 'region';

/**
 * Mean of (target - prediction)^2 in the region.
 * @param prediction [N,C,h,w]
 * @param region [N,1,h,w], 0 or 1
 */
export function embeddingLoss(
  b: Builder,
  prediction: Value,
  target: Value,
  region: Value,
  mean: RegionMean = 'all',
): Value {
  const inRegion = b.mul(b.square(b.sub(target, prediction)), region);
  if (mean === 'all') return b.mean(inRegion, 'all');
  const marked = b.mul(b.maximum(b.sum(region, 'all'), 1), prediction.shape[1]);
  return b.div(b.sum(inRegion, 'all'), marked);
}
