// Reductions over axes: sum and max. Means, variances and norms are written with them.

import { forEachIndex, type NdArray, nd } from '../../tensor/ndarray.ts';
import { reducedShape, sizeOf, stridesOf } from '../../tensor/shape.ts';
import { lower, type OpRecord } from '../op.ts';

export interface ReduceAttrs {
  /** Sorted, non-negative. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

function fold(
  x: NdArray,
  axes: readonly number[],
  start: number,
  f: (acc: number, v: number) => number,
): NdArray {
  const kept = reducedShape(x.shape, axes, true);
  const out = nd(kept).data.fill(start);
  const strides = stridesOf(kept);
  forEachIndex(x.shape, (flat, index) => {
    let o = 0;
    for (let d = 0; d < index.length; d++) if (kept[d] !== 1) o += index[d] * strides[d];
    out[o] = f(out[o], x.data[flat]);
  });
  return { shape: kept, data: out };
}

export const sum: OpRecord<ReduceAttrs> = {
  infer: ([x], { axes, keepDims }) => ({ dtype: x.dtype, shape: reducedShape(x.shape, axes, keepDims) }),
  vjp: (b, grad, node, { axes }) => {
    const { shape } = node.inputs[0];
    return [b.expand(b.reshape(grad, reducedShape(shape, axes, true)), shape)];
  },
  eval: ([x], { axes }, out) => ({ shape: out.shape, data: fold(x, axes, 0, (a, v) => a + v).data }),
  lowerings: [
    {
      name: 'reduce-sum',
      emit: (e, [x], { axes, keepDims }) =>
        e.node('ReduceSum', [x, e.ints(axes)], { keepdims: keepDims ? 1 : 0 }),
    },
    {
      name: 'reduce-mean',
      emit: (e, [x], { axes, keepDims }, node) => {
        const count = sizeOf(node.inputs[0].shape) / sizeOf(node.shape);
        const mean = e.node('ReduceMean', [x, e.ints(axes)], { keepdims: keepDims ? 1 : 0 });
        return e.node('Mul', [mean, e.floats([count], [])]);
      },
    },
  ],
};

export const max: OpRecord<ReduceAttrs> = {
  infer: ([x], { axes, keepDims }) => ({ dtype: x.dtype, shape: reducedShape(x.shape, axes, keepDims) }),
  // Ties share the gradient evenly, as torch.amax.
  vjp: (b, grad, node, { axes }) => {
    const x = node.inputs[0];
    const kept = reducedShape(x.shape, axes, true);
    const hit = b.cast(b.equal(x, b.reshape(node, kept)), 'float32');
    const share = b.div(b.reshape(grad, kept), b.sum(hit, axes, true));
    return [b.mul(hit, share)];
  },
  eval: ([x], { axes }, out) => ({ shape: out.shape, data: fold(x, axes, -Infinity, Math.max).data }),
  lowerings: lower((e, [x], { axes, keepDims }) =>
    e.node('ReduceMax', [x, e.ints(axes)], { keepdims: keepDims ? 1 : 0 }),
  ),
};
