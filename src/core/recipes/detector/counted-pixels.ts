// Which pixels cost anything where a mask may be a box: all but those of the box that are surely good (methods.md 2.6).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';

/**
 * 1 where a pixel counts, 0 where not; without gradient.
 * @param defect [N,1,H,W], defect probability
 * @param mask [N,1,H,W], 0 or 1
 * @param weak [N,1,1,1], 1 where the mask is a box that holds good pixels too
 * @param threshold defect probability below which a pixel counts as surely good
 */
export function countedPixels(
  b: Builder,
  { defect, mask, weak }: { defect: Value; mask: Value; weak: Value },
  threshold: number,
): Value {
  const isSuspect = b.cast(b.greater(b.stopGradient(defect), threshold), 'float32');
  return b.sub(1, b.mul(b.mul(weak, mask), b.sub(1, isSuspect)));
}
