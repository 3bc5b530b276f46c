// Intersection over union of two binary masks.

import { invariant } from '../base/errors.ts';

/** Nonzero = set. 0..1, or null when both are empty (undefined: leave it out of averages). */
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
  return either === 0 ? null : both / either;
}
