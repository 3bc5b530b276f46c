// Adjoint of conv2d in its weight: x [N,C,H,W], grad [N,K,Ho,Wo] -> [K,C/groups,kh,kw].

import { nd } from '../../tensor/ndarray.ts';
import type { Emitter, OpRecord } from '../op.ts';
import type { Value } from '../value.ts';
import { type ConvAttrs, forEachProduct } from './conv-geometry.ts';

export interface ConvWeightGradAttrs extends ConvAttrs {
  readonly kernel: readonly [number, number];
}

/** The input shifted to every kernel position, each [N,C,Ho,Wo] under `transform` of the padded input. */
function shifts(
  e: Emitter,
  padded: string,
  { kernel, stride, dilation }: ConvWeightGradAttrs,
  out: readonly number[],
) {
  const [, , ho, wo] = out;
  const names: string[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const [top, left] = [i * dilation[0], j * dilation[1]];
      const ends = [top + (ho - 1) * stride[0] + 1, left + (wo - 1) * stride[1] + 1];
      names.push(
        e.node('Slice', [padded, e.ints([top, left]), e.ints(ends), e.ints([2, 3]), e.ints(stride)]),
      );
    }
  }
  return names;
}

function padInput(e: Emitter, x: string, { pads }: ConvAttrs): string {
  if (pads.every((p) => p === 0)) return x;
  return e.node('Pad', [x, e.ints([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]), e.floats([0], [])]);
}

const isPointwise = ({ kernel, stride, pads }: ConvWeightGradAttrs) =>
  kernel[0] * kernel[1] === 1 && stride.every((s) => s === 1) && pads.every((p) => p === 0);

/** dW of one kernel position: sum over pictures of grad [K,P] x^T [P,C], per group. */
function product(e: Emitter, grad: string, x: string, node: Value, groups: number): string {
  const [n, c] = node.inputs[0].shape;
  const [, k, ho, wo] = node.inputs[1].shape;
  const columns = e.node('Reshape', [x, e.ints([n, groups, c / groups, ho * wo])]);
  const rows = e.shared(`gradient rows ${grad} ${groups}`, () =>
    e.node('Reshape', [grad, e.ints([n, groups, k / groups, ho * wo])]),
  );
  const each = e.node('FusedMatMul', [rows, columns], { transA: 0, transB: 1 }, 'com.microsoft');
  return n === 1 ? each : e.node('ReduceSum', [each, e.ints([0])], { keepdims: 1 });
}

export const convWeightGrad: OpRecord<ConvWeightGradAttrs> = {
  infer: ([x, grad], { groups, kernel }) => ({
    dtype: x.dtype,
    shape: [grad.shape[1], x.shape[1] / groups, kernel[0], kernel[1]],
  }),
  vjp: 'none',
  eval: ([x, grad], attrs, out) => {
    const dw = nd(out.shape);
    forEachProduct(x.shape, out.shape, grad.shape, attrs, (p, q, r) => {
      dw.data[q] += x.data[p] * grad.data[r];
    });
    return dw;
  },
  lowerings: [
    {
      name: 'shifted-matmul',
      emit: (e, [x, grad], attrs, node) => {
        const { groups } = attrs;
        const [k, cg, kh, kw] = node.shape;
        if (isPointwise(attrs))
          return e.node('Reshape', [product(e, grad, x, node, groups), e.ints(node.shape)]);
        const parts = shifts(e, padInput(e, x, attrs), attrs, node.inputs[1].shape).map((s) =>
          e.node('Reshape', [product(e, grad, s, node, groups), e.ints([k, cg, 1])]),
        );
        const all = parts.length === 1 ? parts[0] : e.node('Concat', parts, { axis: 2 });
        return e.node('Reshape', [all, e.ints([k, cg, kh, kw])]);
      },
    },
    {
      // One product over all pictures and positions at once: [K, N P] x [N P, kh kw C].
      name: 'im2col',
      when: (_node, { groups }) => groups === 1,
      emit: (e, [x, grad], attrs, node) => {
        const [n, c] = node.inputs[0].shape;
        const [, k, ho, wo] = node.inputs[1].shape;
        const swap = { perm: [1, 0, 2, 3] };
        const rows = e.shared(`swapped rows ${grad}`, () =>
          e.node('Reshape', [e.node('Transpose', [grad], swap), e.ints([k, n * ho * wo])]),
        );
        const swapped = e.shared(`swapped ${x}`, () => e.node('Transpose', [x], swap));
        const parts = isPointwise(attrs)
          ? [swapped]
          : shifts(e, padInput(e, swapped, attrs), attrs, node.inputs[1].shape);
        const stacked = parts.length === 1 ? parts[0] : e.node('Concat', parts, { axis: 0 });
        const columns = e.node('Reshape', [stacked, e.ints([parts.length * c, n * ho * wo])]);
        const dw = e.node('FusedMatMul', [rows, columns], { transA: 0, transB: 1 }, 'com.microsoft');
        const [kh, kw] = attrs.kernel;
        return e.node('Transpose', [e.node('Reshape', [dw, e.ints([k, kh, kw, c])])], { perm: [0, 3, 1, 2] });
      },
    },
    {
      // Convolution of the input with the gradient, pictures and channels swapped.
      name: 'swapped-conv',
      when: (_node, { groups, stride }) => groups === 1 && stride.every((s) => s === 1),
      emit: (e, [x, grad], { pads, dilation }, node) => {
        const swap = { perm: [1, 0, 2, 3] };
        const [, , ho, wo] = node.inputs[1].shape;
        const dw = e.node('Conv', [e.node('Transpose', [x], swap), e.node('Transpose', [grad], swap)], {
          kernel_shape: [ho, wo],
          strides: dilation,
          pads,
        });
        return e.node('Transpose', [dw], swap);
      },
    },
  ],
};
