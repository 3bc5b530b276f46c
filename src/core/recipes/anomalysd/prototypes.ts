// Patches of good windows as feature vectors, and how far other patches are from the nearest of them.

import type { Rng } from '../../base/rng.ts';
import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { avgPool2d, bilinear } from '../../nets/functional.ts';

/**
 * One unit vector per cell of the coarsest tap: every tap averaged over 3x3 neighbours, brought to that grid and
 * scaled to length 1, joined. [N,h,w,D] as rows [N h w, D].
 */
export function patchVectors(b: Builder, features: readonly Value[]): Value {
  const [, , h, w] = features[features.length - 1].shape;
  const parts = features.map((x) => {
    const around = avgPool2d(b, x, { kernel: 3, stride: 1, pads: 1, countPads: false });
    const at = bilinear(b, around, [h, w]);
    const length = b.sqrt(b.maximum(b.sum(b.square(at), [1], true), 1e-20));
    return b.div(at, b.mul(length, Math.sqrt(features.length)));
  });
  const joined = b.concat(parts, 1);
  return b.reshape(b.transpose(joined, [0, 2, 3, 1]), [-1, joined.shape[1]]);
}

/** Distance of each row of x [P,D] to the nearest row of bank [M,D], all of length 1: [P], 0 to 2. */
export function nearestDistance(b: Builder, x: Value, bank: Value): Value {
  const cosine = b.max(b.matmul(x, bank, { transB: true }), [1]);
  return b.sqrt(b.maximum(b.mul(b.sub(1, cosine), 2), 1e-12));
}

/** At most `most` rows of [M,D], drawn without replacement in a seeded order. */
export function thinned(rows: Float32Array, width: number, most: number, rng: Rng): Float32Array {
  const count = rows.length / width;
  if (count <= most) return rows;
  const out = new Float32Array(most * width);
  rng
    .permutation(count)
    .slice(0, most)
    .sort((p, q) => p - q)
    .forEach((from, i) => {
      out.set(rows.subarray(from * width, (from + 1) * width), i * width);
    });
  return out;
}
