// where, cast, stopGradient and after: choosing values, changing types, cutting gradients, ordering work.

import { broadcastOffset, buildNd } from '../../tensor/ndarray.ts';
import { broadcastShapes, stridesOf } from '../../tensor/shape.ts';
import { type DType, lower, type NoAttrs, type OpRecord } from '../op.ts';

export const where: OpRecord<NoAttrs> = {
  infer: ([c, x, y]) => ({
    dtype: x.dtype,
    shape: broadcastShapes(c.shape, broadcastShapes(x.shape, y.shape)),
  }),
  vjp: (b, grad, node) => {
    const [c] = node.inputs;
    return [null, b.where(c, grad, 0), b.where(c, 0, grad)];
  },
  eval: ([c, x, y], _attrs, out) => {
    const [sc, sx, sy] = [c, x, y].map((t) => stridesOf(t.shape));
    return buildNd(out.shape, (i) =>
      c.data[broadcastOffset(c.shape, sc, i)] !== 0
        ? x.data[broadcastOffset(x.shape, sx, i)]
        : y.data[broadcastOffset(y.shape, sy, i)],
    );
  },
  lowerings: lower((e, inputs) => e.node('Where', inputs)),
};

const ONNX_TYPE: Record<DType, number> = { float32: 1, int32: 6, bool: 9 };

export const cast: OpRecord<{ to: DType }> = {
  infer: ([x], { to }) => ({ dtype: to, shape: x.shape }),
  vjp: (_b, grad, node, { to }) => [to === 'float32' && node.inputs[0].dtype === 'float32' ? grad : null],
  eval: ([x], { to }) => ({
    shape: x.shape,
    data: to === 'float32' ? x.data : x.data.map((v) => (to === 'bool' ? (v !== 0 ? 1 : 0) : Math.trunc(v))),
  }),
  lowerings: lower((e, [x], { to }) => e.node('Cast', [x], { to: ONNX_TYPE[to] })),
};

export const stopGradient: OpRecord<NoAttrs> = {
  infer: ([x]) => x,
  vjp: 'zero',
  eval: ([x]) => x,
  lowerings: lower((_e, [x]) => x),
};

/**
 * x unchanged, but not before its other inputs, the causes, exist: keeps a recomputed block from being merged
 * with its first run and from being scheduled early. Written as x + 0, where the 0 is computed from the causes
 * in a way no optimiser folds (`0 cause > 1` is false for every number, NaN included). Shape tricks would be
 * free of the addition, but ONNX Runtime 1.30 fuses chains of reshapes and loses the dependency.
 */
export const after: OpRecord<NoAttrs> = {
  infer: ([x]) => x,
  vjp: (_b, grad) => [grad],
  eval: ([x]) => x,
  lowerings: lower((e, [x, ...causes], _attrs, node) => {
    const zero = e.shared(`zero ${node.dtype} ${causes.join(' ')}`, () => {
      const firsts = causes.map((c) =>
        e.shared(`first of ${c}`, () =>
          e.node('Slice', [e.node('Reshape', [c, e.ints([-1])]), e.ints([0]), e.ints([1])]),
        ),
      );
      const all = firsts.length === 1 ? firsts[0] : e.node('Concat', firsts, { axis: 0 });
      const never = e.node('Greater', [e.node('Mul', [all, e.floats([0], [1])]), e.floats([1], [1])]);
      const zeros = e.node('Cast', [never], { to: ONNX_TYPE.float32 });
      const total = firsts.length === 1 ? zeros : e.node('ReduceMax', [zeros, e.ints([0])], { keepdims: 1 });
      return node.dtype === 'float32' ? total : e.node('Cast', [total], { to: ONNX_TYPE[node.dtype] });
    });
    return e.node('Add', [x, node.shape.length > 0 ? zero : e.node('Reshape', [zero, e.ints([])])]);
  }),
};
