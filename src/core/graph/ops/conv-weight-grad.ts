// Adjoint of conv2d in its weight: x [N,C,H,W], grad [N,K,Ho,Wo] -> [K,C/groups,kh,kw].

import { nd } from '../../tensor/ndarray.ts';
import type { Emitter, Lowering, OpRecord } from '../op.ts';
import type { Value } from '../value.ts';
import { type ConvAttrs, forEachProduct, padInput } from './conv-geometry.ts';

export interface ConvWeightGradAttrs extends ConvAttrs {
  readonly kernel: readonly [number, number];
}

/** The padded input shifted to every kernel position; height and width are its `axes`. */
function shifts(
  e: Emitter,
  padded: string,
  { kernel, stride, dilation }: ConvWeightGradAttrs,
  out: readonly number[],
  axes: readonly [number, number],
) {
  const [, , ho, wo] = out;
  const names: string[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const [top, left] = [i * dilation[0], j * dilation[1]];
      const ends = [top + (ho - 1) * stride[0] + 1, left + (wo - 1) * stride[1] + 1];
      names.push(e.node('Slice', [padded, e.ints([top, left]), e.ints(ends), e.ints(axes), e.ints(stride)]));
    }
  }
  return names;
}

const isPointwise = ({ kernel, stride, pads }: ConvWeightGradAttrs) =>
  kernel[0] * kernel[1] === 1 && stride.every((s) => s === 1) && pads.every((p) => p === 0);

/** rows columns^T of the last two axes: one fused node, or in plain ops for providers without it (WebGPU). */
type Product = (e: Emitter, rows: string, columns: string) => string;

const fused: Product = (e, rows, columns) =>
  e.node('FusedMatMul', [rows, columns], { transA: 0, transB: 1 }, 'com.microsoft');

const plain: Product = (e, rows, columns) =>
  e.node('MatMul', [rows, e.node('Transpose', [columns], { perm: [0, 1, 3, 2] })]);

/** dW of one kernel position: sum over pictures of grad [K,P] x^T [P,C], per group. */
function product(e: Emitter, grad: string, x: string, node: Value, groups: number, times: Product): string {
  const [n, c] = node.inputs[0].shape;
  const [, k, ho, wo] = node.inputs[1].shape;
  const columns = e.node('Reshape', [x, e.ints([n, groups, c / groups, ho * wo])]);
  const rows = e.shared(`gradient rows ${grad} ${groups}`, () =>
    e.node('Reshape', [grad, e.ints([n, groups, k / groups, ho * wo])]),
  );
  const each = times(e, rows, columns);
  return n === 1 ? each : e.node('ReduceSum', [each, e.ints([0])], { keepdims: 1 });
}

/** grad [N,K,Ho,Wo] -> [K, N P]. */
function swappedRows(e: Emitter, grad: string, node: Value): string {
  const [n, k, ho, wo] = node.inputs[1].shape;
  return e.shared(`swapped rows ${grad}`, () =>
    e.node('Reshape', [e.node('Transpose', [grad], { perm: [1, 0, 2, 3] }), e.ints([k, n * ho * wo])]),
  );
}

/** [K, kh kw C] -> [K,C,kh,kw]. */
function kernelsFirst(e: Emitter, dw: string, shape: readonly number[]): string {
  return e.node('Transpose', [e.node('Reshape', [dw, e.ints(shape)])], { perm: [0, 3, 1, 2] });
}

type WeightGradLowering = Lowering<ConvWeightGradAttrs>;

/** One product per kernel position. */
const shiftedMatmul = (name: string, times: Product): WeightGradLowering => ({
  name,
  emit: (e, [x, grad], attrs, node) => {
    const { groups } = attrs;
    const [k, cg, kh, kw] = node.shape;
    if (isPointwise(attrs))
      return e.node('Reshape', [product(e, grad, x, node, groups, times), e.ints(node.shape)]);
    const parts = shifts(e, padInput(e, x, attrs), attrs, node.inputs[1].shape, [2, 3]).map((s) =>
      e.node('Reshape', [product(e, grad, s, node, groups, times), e.ints([k, cg, 1])]),
    );
    const all = parts.length === 1 ? parts[0] : e.node('Concat', parts, { axis: 2 });
    return e.node('Reshape', [all, e.ints([k, cg, kh, kw])]);
  },
});

/** One product per kernel position as before, gathered before the pictures are summed: fewer and longer passes. */
const stackedMatmul: WeightGradLowering = {
  name: 'stacked-matmul',
  when: (node, attrs) => attrs.groups === 1 && node.inputs[0].shape[0] > 1 && !isPointwise(attrs),
  emit: (e, [x, grad], attrs, node) => {
    const [n, c] = node.inputs[0].shape;
    const [, k, ho, wo] = node.inputs[1].shape;
    const [kh, kw] = attrs.kernel;
    const rows = e.shared(`gradient rows ${grad}`, () =>
      e.node('Reshape', [grad, e.ints([n, 1, k, ho * wo])]),
    );
    const shifted = shifts(e, padInput(e, x, attrs), attrs, node.inputs[1].shape, [2, 3]);
    const columns = shifted.map((s) => e.node('Reshape', [s, e.ints([n, 1, c, ho * wo])]));
    const stacked = e.node(
      'Concat',
      columns.map((each) => fused(e, rows, each)),
      { axis: 1 },
    );
    const summed = e.node('ReduceSum', [stacked, e.ints([0])], { keepdims: 0 });
    const last = e.node('Transpose', [summed], { perm: [1, 2, 0] });
    return e.node('Reshape', [last, e.ints([k, c, kh, kw])]);
  },
};

/** One product over all pictures and positions at once: [K, N P] x [kh kw C, N P]^T. */
const im2col: WeightGradLowering = {
  name: 'im2col',
  when: (_node, { groups }) => groups === 1,
  emit: (e, [x, grad], attrs, node) => {
    const [n, c] = node.inputs[0].shape;
    const [, k, ho, wo] = node.inputs[1].shape;
    const swapped = e.shared(`swapped ${x}`, () => e.node('Transpose', [x], { perm: [1, 0, 2, 3] }));
    const parts = isPointwise(attrs)
      ? [swapped]
      : shifts(e, padInput(e, swapped, attrs), attrs, node.inputs[1].shape, [2, 3]);
    const stacked = parts.length === 1 ? parts[0] : e.node('Concat', parts, { axis: 0 });
    const columns = e.node('Reshape', [stacked, e.ints([parts.length * c, n * ho * wo])]);
    return kernelsFirst(e, fused(e, swappedRows(e, grad, node), columns), [k, ...attrs.kernel, c]);
  },
};

/** The same product with channels last, so that nothing large is transposed: [K, N P] x [N P, kh kw C]. */
const im2colNhwc: WeightGradLowering = {
  name: 'im2col-nhwc',
  when: (_node, { groups }) => groups === 1,
  emit: (e, [x, grad], attrs, node) => {
    const [n, c] = node.inputs[0].shape;
    const [, k, ho, wo] = node.inputs[1].shape;
    const padded = padInput(e, x, attrs);
    const last = e.shared(`channels last ${padded}`, () =>
      e.node('Transpose', [padded], { perm: [0, 2, 3, 1] }),
    );
    const parts = isPointwise(attrs) ? [last] : shifts(e, last, attrs, node.inputs[1].shape, [1, 2]);
    const joined = parts.length === 1 ? parts[0] : e.node('Concat', parts, { axis: 3 });
    const columns = e.node('Reshape', [joined, e.ints([n * ho * wo, parts.length * c])]);
    const dw = e.node('MatMul', [swappedRows(e, grad, node), columns]);
    return kernelsFirst(e, dw, [k, ...attrs.kernel, c]);
  },
};

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
    shiftedMatmul('shifted-matmul', fused),
    im2col,
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
    im2colNhwc,
    stackedMatmul,
    shiftedMatmul('shifted-plain', plain),
  ],
};
