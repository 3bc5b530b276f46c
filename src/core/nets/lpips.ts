// LPIPS: how far two pictures are apart to the eye, by the features of an AlexNet-shaped network.

import type { Value } from '../graph/value.ts';
import { bilinear, maxPool2d } from './functional.ts';
import { conv } from './layers.ts';
import type { Scope } from './scope.ts';

/** What a picture in -1..1 is shifted and scaled by, per channel. */
const SHIFT = [-0.03, -0.088, -0.188];
const SCALE = [0.458, 0.448, 0.45];
/** Added to the length of a feature vector. */
const LENGTH_EPS = 1e-10;

interface Layer {
  readonly kernel: number;
  readonly stride: number;
  readonly pads: number;
  /** 3x3 maximum with stride 2 before the convolution. */
  readonly pool: boolean;
}

/** AlexNet's convolutions; each is tapped after its ReLU. */
const LAYERS: readonly Layer[] = [
  { kernel: 11, stride: 4, pads: 2, pool: false },
  { kernel: 5, stride: 1, pads: 2, pool: true },
  { kernel: 3, stride: 1, pads: 1, pool: true },
  { kernel: 3, stride: 1, pads: 1, pool: false },
  { kernel: 3, stride: 1, pads: 1, pool: false },
];

/** Channels of the five convolutions. */
export type LpipsWidths = readonly [number, number, number, number, number];

export const ALEXNET_WIDTHS: LpipsWidths = [64, 192, 384, 256, 256];

/** Features of x [N,3,H,W] at the five taps. */
function taps(s: Scope, x: Value, widths: LpipsWidths): Value[] {
  const { b } = s;
  const perChannel = (values: number[]): Value => b.constant(values, [1, 3, 1, 1]);
  let h = b.div(b.sub(x, perChannel(SHIFT)), perChannel(SCALE));
  return LAYERS.map(({ kernel, stride, pads, pool }, i) => {
    if (pool) h = maxPool2d(b, h, { kernel: 3, stride: 2 });
    h = b.relu(conv(s.at(`conv.${i}`), h, widths[i], kernel, { stride, pads }));
    return h;
  });
}

/** Vectors over the channels, of length 1; all zeros stay zeros (and get no gradient). */
function unitVectors(s: Scope, x: Value): Value {
  const { b } = s;
  const length = b.sqrt(b.maximum(b.sum(b.square(x), [1], true), LENGTH_EPS ** 2));
  return b.div(x, b.add(length, LENGTH_EPS));
}

/** Weighted squared difference at each tap, [N,1,h,w]; weights `lin.i` [C] are not negative. */
function differences(s: Scope, x: Value, y: Value, widths: LpipsWidths): Value[] {
  const { b } = s;
  const [ofX, ofY] = [taps(s, x, widths), taps(s, y, widths)];
  return ofX.map((features, i) => {
    const squared = b.square(b.sub(unitVectors(s, features), unitVectors(s, ofY[i])));
    const weights = b.reshape(s.param(`lin.${i}`, [widths[i]]), [1, widths[i], 1, 1]);
    return b.sum(b.mul(squared, weights), [1], true);
  });
}

/** x, y [N,3,H,W] in -1..1 -> distance [N]: the mean over the pixels of each tap, summed. */
export function lpips(s: Scope, x: Value, y: Value, widths: LpipsWidths = ALEXNET_WIDTHS): Value {
  return differences(s, x, y, widths)
    .map((map) => s.b.mean(map, [1, 2, 3]))
    .reduce((sum, part) => s.b.add(sum, part));
}

/** The same before the mean, each tap enlarged to the picture: [N,1,H,W] (AnomalySD's difference). */
export function lpipsMap(s: Scope, x: Value, y: Value, widths: LpipsWidths = ALEXNET_WIDTHS): Value {
  const size = [x.shape[2], x.shape[3]] as const;
  return differences(s, x, y, widths)
    .map((map) => bilinear(s.b, map, size))
    .reduce((sum, part) => s.b.add(sum, part));
}
