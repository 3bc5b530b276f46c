// Loss of the segmentation network: focal-weighted cross-entropy (Lin et al. 2017) and soft Dice (Milletari et al. 2016).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { countedPixels } from './counted-pixels.ts';

export interface SegmentationLossOptions {
  /** Focusing exponent; 2. */
  readonly gamma?: number;
  /** Weight of the cross-entropy beside Dice. */
  readonly focalWeight?: number;
  /** Defect probability below which a pixel of a weak box costs nothing. */
  readonly weakThreshold?: number;
}

/**
 * @param logits [N,1,H,W]
 * @param mask [N,1,H,W], 0 or 1
 * @param weak [N,1,1,1], 1 where the mask is a box that holds good pixels too
 */
export function segmentationLoss(
  b: Builder,
  { logits, mask, weak }: { logits: Value; mask: Value; weak: Value },
  { gamma = 2, focalWeight = 10, weakThreshold = 0.1 }: SegmentationLossOptions = {},
): { loss: Value; terms: { focal: Value; dice: Value } } {
  const p = b.sigmoid(logits);
  const counts = countedPixels(b, { defect: p, mask, weak }, weakThreshold);
  const entropy = b.sub(b.softplus(logits), b.mul(logits, mask));
  const miss = b.abs(b.sub(mask, p));
  const focusing = gamma === 2 ? b.square(miss) : b.pow(miss, gamma);
  const focal = b.mul(b.mean(b.mul(b.mul(focusing, entropy), counts), 'all'), focalWeight);
  const counted = b.mul(mask, counts);
  const both = b.sum(b.mul(p, counted), 'all');
  const either = b.add(b.sum(b.mul(p, counts), 'all'), b.sum(counted, 'all'));
  const dice = b.sub(1, b.div(b.add(b.mul(both, 2), 1), b.add(either, 1)));
  return { loss: b.add(focal, dice), terms: { focal, dice } };
}
