// Locally aware patch features and their distance to a memory of good patches (PatchCore, Roth et al. 2022).

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { avgPool2d, bilinear } from '../../nets/functional.ts';

/** Neighbourhood a patch's features are the mean of. */
const NEIGHBOURHOOD = 3;

/** Several feature maps [N,C,h,w] -> one [N,sum C,size,size]: means of 3x3 neighbourhoods, brought to one size. */
export function patchMap(b: Builder, features: readonly Value[], size: number): Value {
  const pads = (NEIGHBOURHOOD - 1) / 2;
  const maps = features.map((f) => {
    const pooled = avgPool2d(b, f, { kernel: NEIGHBOURHOOD, stride: 1, pads, countPads: false });
    return bilinear(b, pooled, [size, size]);
  });
  return b.concat(maps, 1);
}

/** [N,C,h,w] -> rows [N h w, C]. */
export function patchRows(b: Builder, map: Value): Value {
  const [n, c, h, w] = map.shape;
  return b.reshape(b.transpose(map, [0, 2, 3, 1]), [n * h * w, c]);
}

/**
 * Distance of every row [P,C] to its nearest row of the memory [M,C] -> [P].
 * @param squares [M], the memory rows' squared lengths
 */
export function nearestDistance(b: Builder, rows: Value, memory: Value, squares: Value): Value {
  const own = b.sum(b.square(rows), [1], true);
  const cross = b.matmul(rows, memory, { transB: true });
  const other = b.reshape(squares, [1, squares.shape[0]]);
  const nearest = b.min(b.sub(b.add(own, other), b.mul(cross, 2)), [1]);
  return b.sqrt(b.maximum(nearest, 0));
}
