// DeSTSeg's two losses: the student near the teacher's clean features, the head near the mask (methods.md 2.6).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { featureDistance } from '../../nets/destseg.ts';
import { avgPool2d } from '../../nets/functional.ts';
import { countedPixels } from './counted-pixels.ts';

/** A cell of the head's map is defect where at least this share of it is. */
const CELL_SHARE = 0.25;
const GAMMA = 4;

/** Mean of [N,1,S,S] over square cells -> [N,1,size,size]. */
const cells = (b: Builder, x: Value, size: number): Value => avgPool2d(b, x, { kernel: x.shape[2] / size });

/**
 * Sum over scales of the mean of 1 - cosine; positions of whose clean look nobody knows anything do not count.
 * @param clean teacher's features of the clean windows
 * @param unknown [N,1,S,S], 1 where the clean window is not known
 */
export function studentLoss(
  b: Builder,
  student: readonly Value[],
  clean: readonly Value[],
  unknown: Value,
): Value {
  const terms = student.map((features, i) => {
    const isKnown = b.cast(b.equal(cells(b, unknown, features.shape[2]), 0), 'float32');
    return b.mean(b.mul(featureDistance(b, features, b.stopGradient(clean[i])), isKnown), 'all');
  });
  return terms.reduce((x, y) => b.add(x, y));
}

/**
 * Focal loss (gamma 4) over the pixels that count, and the mean absolute error over all.
 * @param logits [N,1,h,w]
 * @param mask [N,1,S,S]
 * @param weak [N,1,1,1]
 */
export function headLoss(
  b: Builder,
  { logits, mask, weak }: { logits: Value; mask: Value; weak: Value },
  weakThreshold: number,
): Value {
  const target = b.sub(1, b.cast(b.greater(CELL_SHARE, cells(b, mask, logits.shape[2])), 'float32'));
  const p = b.sigmoid(logits);
  const miss = b.abs(b.sub(target, p));
  const entropy = b.sub(b.softplus(logits), b.mul(logits, target));
  const counts = countedPixels(b, { defect: p, mask: target, weak }, weakThreshold);
  const focal = b.mean(b.mul(b.mul(b.pow(miss, GAMMA), entropy), counts), 'all');
  return b.add(focal, b.mean(miss, 'all'));
}
