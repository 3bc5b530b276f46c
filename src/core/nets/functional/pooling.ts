// Pooling and transposed convolution, written with ops that have gradients.

import type { Builder, ConvOptions } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { axisMap, separable } from './resample.ts';

export interface PoolOptions {
  readonly kernel: number | readonly [number, number];
  /** Default: the kernel. */
  readonly stride?: number | readonly [number, number];
  /** On all sides, or vertically and horizontally. */
  readonly pads?: number | readonly [number, number];
}

type Pair = readonly [number, number];
const pair = (v: number | Pair): Pair => (typeof v === 'number' ? [v, v] : v);
const outSize = (size: number, kernel: number, stride: number, pad: number) =>
  Math.floor((size + 2 * pad - kernel) / stride) + 1;

/** Largest of `kernel` shifted copies along one axis; the first of equal ones gets the gradient. */
function maxAlong(b: Builder, x: Value, axis: number, kernel: number, stride: number): Value {
  const { shape } = x;
  const out = outSize(shape[axis], kernel, stride, 0);
  let best: Value | null = null;
  for (let k = 0; k < kernel; k++) {
    const at = (first: number, other: readonly number[]) => other.map((d, i) => (i === axis ? first : d));
    const zeros = shape.map(() => 0);
    const part = b.slice(
      x,
      at(k, zeros),
      at(k + (out - 1) * stride + 1, shape),
      at(
        stride,
        shape.map(() => 1),
      ),
    );
    best = best ? b.maximum(part, best) : part;
  }
  return best as Value;
}

/** x [N,C,H,W] -> [N,C,H',W'], windows that do not fit are dropped (torch's default). */
export function maxPool2d(b: Builder, x: Value, options: PoolOptions): Value {
  const [kernel, pads] = [pair(options.kernel), pair(options.pads ?? 0)];
  const stride = pair(options.stride ?? options.kernel);
  const around = [0, 0, pads[0], pads[1]];
  const padded = b.pad(x, around, around, -3.4e38);
  return maxAlong(b, maxAlong(b, padded, 3, kernel[1], stride[1]), 2, kernel[0], stride[0]);
}

/** x [N,C,H,W] -> [N,C,H/2,W/2]. */
export function maxPool2x2(b: Builder, x: Value): Value {
  return maxPool2d(b, x, { kernel: 2 });
}

/**
 * Mean of each window of x [N,C,H,W]. By default padding zeros count (the divisor is the kernel's area),
 * `countPads: false` divides by what lies inside the picture.
 */
export function avgPool2d(b: Builder, x: Value, options: PoolOptions & { countPads?: boolean }): Value {
  const [kernel, pads] = [pair(options.kernel), pair(options.pads ?? 0)];
  const stride = pair(options.stride ?? options.kernel);
  const map = (i: 0 | 1) => {
    const size = x.shape[2 + i];
    return axisMap(outSize(size, kernel[i], stride[i], pads[i]), size, (o) => {
      const first = o * stride[i] - pads[i];
      const window = Array.from({ length: kernel[i] }, (_, k) => first + k);
      const inside = window.filter((p) => p >= 0 && p < size);
      const share = 1 / (options.countPads === false ? inside.length : kernel[i]);
      return inside.map((p) => [p, share] as const);
    });
  };
  return separable(b, x, map(0), map(1));
}

/** x [N,C,H,W], weight [C,K/groups,kh,kw], bias [K] or null -> [N,K,H',W'] (torch's ConvTranspose2d). */
export function convTranspose2d(
  b: Builder,
  x: Value,
  weight: Value,
  bias: Value | null,
  options: ConvOptions & { outputPadding?: number | Pair } = {},
): Value {
  const { outputPadding = 0, ...conv } = options;
  const [stride, dilation, extra] = [conv.stride ?? 1, conv.dilation ?? 1, outputPadding].map(pair);
  const p = conv.pads ?? 0;
  const pads = typeof p === 'number' ? [p, p, p, p] : p.length === 2 ? [...p, ...p] : p;
  const size = ([0, 1] as const).map((i) => {
    const span = dilation[i] * (weight.shape[2 + i] - 1) + 1;
    return (x.shape[2 + i] - 1) * stride[i] + span - pads[i] - pads[i + 2] + extra[i];
  });
  const channels = weight.shape[1] * (conv.groups ?? 1);
  const y = b.convInputGrad(x, weight, [x.shape[0], channels, ...size], conv);
  return bias ? b.add(y, b.reshape(bias, [1, channels, 1, 1])) : y;
}
