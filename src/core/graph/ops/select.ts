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
 * x unchanged, but not before `cause` exists: keeps a recomputed block from being merged with its
 * first run and from being scheduled early. Written as x + 0, where the 0 is computed from `cause` in a way
 * no optimiser folds (`0 cause > 1` is false for every number, NaN included). Shape tricks would be free of
 * the addition, but ONNX Runtime 1.30 fuses chains of reshapes and loses the dependency.
 */
export const after: OpRecord<NoAttrs> = {
  infer: ([x]) => x,
  vjp: (_b, grad) => [grad, null],
  eval: ([x]) => x,
  lowerings: lower((e, [x, cause], _attrs, node) => {
    const never = e.shared(`never ${cause}`, () => {
      const one = e.node('Slice', [e.node('Reshape', [cause, e.ints([-1])]), e.ints([0]), e.ints([1])]);
      return e.node('Greater', [e.node('Mul', [one, e.floats([0], [1])]), e.floats([1], [1])]);
    });
    const zero = e.shared(`zero ${node.dtype} ${cause}`, () =>
      e.node('Cast', [never], { to: ONNX_TYPE[node.dtype] }),
    );
    return e.node('Add', [x, node.shape.length > 0 ? zero : e.node('Reshape', [zero, e.ints([])])]);
  }),
};
