// How far two pictures are apart in a base model's own features: LPIPS's form, without its network and its weights.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { avgPool2d, bilinear } from '../../nets/functional.ts';

/** Keeps a vector of zeros at zero. */
const LENGTH_EPS = 1e-10;

function unitVectors(b: Builder, x: Value): Value {
  const length = b.sqrt(b.maximum(b.sum(b.square(x), [1], true), LENGTH_EPS ** 2));
  return b.div(x, b.add(length, LENGTH_EPS));
}

/** Squared difference of unit feature vectors per tap, [N,1,h,w], 0 to 4. */
export function featureDifferences(b: Builder, of: readonly Value[], others: readonly Value[]): Value[] {
  return of.map((features, i) =>
    b.sum(b.square(b.sub(unitVectors(b, features), unitVectors(b, others[i]))), [1], true),
  );
}

/** Features averaged over a square of neighbours: a repair has another grain than the picture, and that is no anomaly. */
export function smoothed(b: Builder, features: readonly Value[], kernel: number): Value[] {
  if (kernel <= 1) return [...features];
  const options = { kernel, stride: 1, pads: (kernel - 1) / 2, countPads: false };
  return features.map((x) => avgPool2d(b, x, options));
}

/** Squared difference in units of each channel's variance on good windows, mean over the channels, [N,1,h,w]. */
export function scaledDifferences(
  b: Builder,
  of: readonly Value[],
  others: readonly Value[],
  variances: readonly Value[],
): Value[] {
  return of.map((features, i) => {
    const squared = b.square(b.sub(features, others[i]));
    const variance = b.reshape(variances[i], [1, features.shape[1], 1, 1]);
    return b.mean(b.div(squared, variance), [1], true);
  });
}

/** Mean squared difference of the colours of x, y [N,3,S,S] in [-1,1]: [N,1,S,S], 0 to 4. */
export function pixelDifference(b: Builder, x: Value, y: Value): Value {
  return b.mean(b.square(b.sub(x, y)), [1], true);
}

/** Each tap enlarged to the picture and summed: [N,1,S,S], 0 to 4 per tap. */
export function featureMap(b: Builder, differences: readonly Value[], size: number): Value {
  return differences.map((map) => bilinear(b, map, [size, size])).reduce((sum, part) => b.add(sum, part));
}

/** Mean over each tap's pixels, summed: [N]. */
export function featureDistance(b: Builder, differences: readonly Value[]): Value {
  return differences.map((map) => b.mean(map, [1, 2, 3])).reduce((sum, part) => b.add(sum, part));
}
