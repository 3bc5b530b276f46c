// Adjoint of conv2d in its input: grad [N,K,Ho,Wo], weight [K,C/groups,kh,kw] -> [N,C,H,W].

import { nd } from '../../tensor/ndarray.ts';
import type { Shape } from '../../tensor/shape.ts';
import type { Emitter, OpRecord } from '../op.ts';
import { type ConvAttrs, forEachProduct, onnxConv } from './conv-geometry.ts';

export interface ConvInputGradAttrs extends ConvAttrs {
  /** Height and width of the convolution's input. */
  readonly size: readonly [number, number];
}

/**
 * [K,C,kh,kw] -> [C,K,kh,kw], kernels turned by half. The turn is a product with a permutation matrix: exact, and
 * less than half the time of a slice with negative steps.
 */
function swappedFlipped(e: Emitter, w: string, [k, c, kh, kw]: Shape): string {
  const places = kh * kw;
  if (places === 1) return e.node('Transpose', [w], { perm: [1, 0, 2, 3] });
  const turn = Float32Array.from({ length: places ** 2 }, (_, i) =>
    Math.floor(i / places) + (i % places) === places - 1 ? 1 : 0,
  );
  const rows = e.node('Reshape', [w, e.ints([k * c, places])]);
  const turned = e.node('MatMul', [rows, e.floats(turn, [places, places])]);
  const swapped = e.node('Transpose', [e.node('Reshape', [turned, e.ints([k, c, places])])], {
    perm: [1, 0, 2],
  });
  return e.node('Reshape', [swapped, e.ints([c, k, kh, kw])]);
}

export const convInputGrad: OpRecord<ConvInputGradAttrs> = {
  infer: ([grad, w], { groups, size }) => ({
    dtype: grad.dtype,
    shape: [grad.shape[0], w.shape[1] * groups, size[0], size[1]],
  }),
  // Linear in both arguments: the adjoints are the convolution itself and its weight gradient.
  vjp: (b, grad, node, attrs) => {
    const [upstream, w] = node.inputs;
    const { stride, dilation, pads, groups } = attrs;
    const conv = { stride, dilation, pads, groups };
    return [b.conv2d(grad, w, null, conv), b.convWeightGrad(grad, upstream, w.shape, conv)];
  },
  eval: ([grad, w], attrs, out) => {
    const dx = nd(out.shape);
    forEachProduct(out.shape, w.shape, grad.shape, attrs, (p, q, r) => {
      dx.data[p] += grad.data[r] * w.data[q];
    });
    return dx;
  },
  lowerings: [
    {
      // dx = dy (*) flipped, channel-swapped weight; the flip costs little, it is on the weight.
      name: 'flipped-conv',
      when: (node, { stride, groups, dilation, pads }) => {
        const [, , kh, kw] = node.inputs[1].shape;
        const fits = pads.every((p, i) => p <= dilation[i % 2] * ([kh, kw][i % 2] - 1));
        return groups === 1 && stride[0] === 1 && stride[1] === 1 && fits;
      },
      emit: (e, [grad, w], attrs, node) => {
        const [, , kh, kw] = node.inputs[1].shape;
        const { dilation, size } = attrs;
        const swapped = swappedFlipped(e, w, node.inputs[1].shape);
        const [spanH, spanW] = [dilation[0] * (kh - 1), dilation[1] * (kw - 1)];
        const top = spanH - attrs.pads[0];
        const left = spanW - attrs.pads[1];
        const [, , ho, wo] = node.inputs[0].shape;
        const pads = [top, left, size[0] + spanH - ho - top, size[1] + spanW - wo - left] as const;
        return e.node('Conv', [grad, swapped], onnxConv({ ...attrs, pads }, [kh, kw]));
      },
    },
    {
      name: 'conv-transpose',
      emit: (e, [grad, w], attrs, node) => {
        const kernel = node.inputs[1].shape.slice(2);
        const { stride, dilation, pads, size } = attrs;
        const extra = [0, 1].map((i) => {
          const reached =
            (node.inputs[0].shape[2 + i] - 1) * stride[i] +
            dilation[i] * (kernel[i] - 1) +
            1 -
            pads[i] -
            pads[i + 2];
          return size[i] - reached;
        });
        return e.node('ConvTranspose', [grad, w], { ...onnxConv(attrs, kernel), output_padding: extra });
      },
    },
  ],
};
