// conv2d: x [N,C,H,W], weight [K,C/groups,kh,kw], optional bias [K] -> [N,K,Ho,Wo].

import { nd } from '../../tensor/ndarray.ts';
import type { OpRecord } from '../op.ts';
import { type ConvAttrs, convShape, forEachProduct, onnxConv, padInput } from './conv-geometry.ts';

export const conv2d: OpRecord<ConvAttrs> = {
  infer: ([x, w], attrs) => ({ dtype: x.dtype, shape: convShape(x.shape, w.shape, attrs) }),
  vjp: (b, grad, node, attrs) => {
    const [x, w, bias] = node.inputs;
    const dx = b.convInputGrad(grad, w, x.shape, attrs);
    const dw = b.convWeightGrad(x, grad, w.shape, attrs);
    return bias ? [dx, dw, b.sum(grad, [0, 2, 3])] : [dx, dw];
  },
  eval: ([x, w, bias], attrs, out) => {
    const y = nd(out.shape);
    if (bias) {
      const plane = out.shape[2] * out.shape[3];
      for (let i = 0; i < y.data.length; i++) y.data[i] = bias.data[Math.floor(i / plane) % out.shape[1]];
    }
    forEachProduct(x.shape, w.shape, out.shape, attrs, (p, q, r) => {
      y.data[r] += x.data[p] * w.data[q];
    });
    return y;
  },
  lowerings: [
    {
      name: 'conv',
      emit: (e, inputs, attrs, node) =>
        e.node('Conv', inputs, onnxConv(attrs, node.inputs[1].shape.slice(2))),
    },
    {
      // A 1x1 convolution is a matrix product per picture, of what padding and stride leave.
      name: 'matmul-1x1',
      when: (node, { groups }) => {
        const [, , kh, kw] = node.inputs[1].shape;
        return kh === 1 && kw === 1 && groups === 1;
      },
      emit: (e, [x, w, bias], attrs, node) => {
        const { stride } = attrs;
        const [n, c] = node.inputs[0].shape;
        const [, k, ho, wo] = node.shape;
        const padded = padInput(e, x, attrs);
        const ends = [(ho - 1) * stride[0] + 1, (wo - 1) * stride[1] + 1];
        const kept = stride.every((s) => s === 1)
          ? padded
          : e.node('Slice', [padded, e.ints([0, 0]), e.ints(ends), e.ints([2, 3]), e.ints(stride)]);
        const rows = e.node('Reshape', [kept, e.ints([n, c, ho * wo])]);
        let y = e.node('MatMul', [e.node('Reshape', [w, e.ints([k, c])]), rows]);
        if (bias) y = e.node('Add', [y, e.node('Reshape', [bias, e.ints([k, 1])])]);
        return e.node('Reshape', [y, e.ints(node.shape)]);
      },
    },
  ],
};
