// What the three convolution ops share: attributes, output sizes and the index rule.

import { invariant } from '../../base/errors.ts';
import { type Shape, shapeText } from '../../tensor/shape.ts';
import type { Emitter } from '../op.ts';

export interface ConvAttrs {
  /** Along height, along width. */
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Zeros added at the top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly groups: number;
}

/** Output shape [N,K,Ho,Wo] for x [N,C,H,W] and weight [K,C/groups,kh,kw]. */
export function convShape(x: Shape, w: Shape, { stride, dilation, pads, groups }: ConvAttrs): number[] {
  invariant(
    x.length === 4 && w.length === 4 && x[1] === w[1] * groups && w[0] % groups === 0,
    `conv of ${shapeText(x)} with weight ${shapeText(w)} in ${groups} groups`,
  );
  const out = (i: 0 | 1) => {
    const span = dilation[i] * (w[2 + i] - 1) + 1;
    return Math.floor((x[2 + i] + pads[i] + pads[i + 2] - span) / stride[i]) + 1;
  };
  return [x[0], w[0], out(0), out(1)];
}

/** Calls `f(xOffset, wOffset, yOffset)` for every multiply-add of a convolution. */
export function forEachProduct(
  x: Shape,
  w: Shape,
  y: Shape,
  { stride, dilation, pads, groups }: ConvAttrs,
  f: (x: number, w: number, y: number) => void,
): void {
  const [n, k, ho, wo] = y;
  const [, cg, kh, kw] = w;
  for (let b = 0; b < n; b++)
    for (let o = 0; o < k; o++) {
      const firstChannel = Math.floor(o / (k / groups)) * cg;
      for (let c = 0; c < cg; c++)
        for (let i = 0; i < kh; i++)
          for (let j = 0; j < kw; j++) {
            const wAt = ((o * cg + c) * kh + i) * kw + j;
            for (let r = 0; r < ho; r++) {
              const row = r * stride[0] + i * dilation[0] - pads[0];
              if (row < 0 || row >= x[2]) continue;
              for (let s = 0; s < wo; s++) {
                const col = s * stride[1] + j * dilation[1] - pads[1];
                if (col < 0 || col >= x[3]) continue;
                f(
                  ((b * x[1] + firstChannel + c) * x[2] + row) * x[3] + col,
                  wAt,
                  ((b * k + o) * ho + r) * wo + s,
                );
              }
            }
          }
    }
}

/** x [N,C,H,W] with the convolution's zeros around it. */
export function padInput(e: Emitter, x: string, { pads }: ConvAttrs): string {
  if (pads.every((p) => p === 0)) return x;
  return e.node('Pad', [x, e.ints([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]), e.floats([0], [])]);
}

export const onnxConv = ({ stride, dilation, pads, groups }: ConvAttrs, kernel: readonly number[]) => ({
  kernel_shape: kernel,
  strides: stride,
  dilations: dilation,
  pads,
  group: groups,
});
