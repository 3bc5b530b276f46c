// Elementwise functions of two arguments with NumPy broadcasting.

import { zipBroadcast } from '../../tensor/ndarray.ts';
import { broadcastShapes } from '../../tensor/shape.ts';
import type { Builder } from '../builder.ts';
import { lower, type NoAttrs, type OpRecord } from '../op.ts';
import type { Value } from '../value.ts';

type Pair = readonly [Value | null, Value | null];

function binary(
  f: (x: number, y: number) => number,
  gradient: (b: Builder, grad: Value, x: Value, y: Value, node: Value) => Pair,
  onnx: string,
): OpRecord<NoAttrs> {
  return {
    infer: ([x, y]) => ({ dtype: x.dtype, shape: broadcastShapes(x.shape, y.shape) }),
    vjp: (b, grad, node) => gradient(b, grad, node.inputs[0], node.inputs[1], node),
    eval: ([x, y]) => zipBroadcast(x, y, f),
    lowerings: lower((e, [x, y]) => e.node(onnx, [x, y])),
  };
}

export const add: OpRecord<NoAttrs> = binary(
  (x, y) => x + y,
  (_b, g) => [g, g],
  'Add',
);
export const sub: OpRecord<NoAttrs> = binary(
  (x, y) => x - y,
  (b, g) => [g, b.neg(g)],
  'Sub',
);
export const mul: OpRecord<NoAttrs> = binary(
  (x, y) => x * y,
  (b, g, x, y) => [b.mul(g, y), b.mul(g, x)],
  'Mul',
);
export const div: OpRecord<NoAttrs> = binary(
  (x, y) => x / y,
  (b, g, _x, y, node) => [b.div(g, y), b.neg(b.div(b.mul(g, node), y))],
  'Div',
);
/** Ties send the whole gradient to the second argument: a share of measure zero. */
export const maximum: OpRecord<NoAttrs> = binary(
  Math.max,
  (b, g, x, y) => {
    const first = b.cast(b.greater(x, y), 'float32');
    return [b.mul(g, first), b.mul(g, b.sub(1, first))];
  },
  'Max',
);
/** x^y for a constant exponent y; no gradient flows to the exponent. */
export const pow: OpRecord<NoAttrs> = binary(
  Math.pow,
  (b, g, x, y) => [b.mul(g, b.mul(y, b.pow(x, b.sub(y, 1)))), null],
  'Pow',
);

function comparison(f: (x: number, y: number) => boolean, onnx: string): OpRecord<NoAttrs> {
  return {
    infer: ([x, y]) => ({ dtype: 'bool', shape: broadcastShapes(x.shape, y.shape) }),
    vjp: 'zero',
    eval: ([x, y]) => zipBroadcast(x, y, (p, q) => (f(p, q) ? 1 : 0)),
    lowerings: lower((e, [x, y]) => e.node(onnx, [x, y])),
  };
}

export const greater: OpRecord<NoAttrs> = comparison((x, y) => x > y, 'Greater');
export const equal: OpRecord<NoAttrs> = comparison((x, y) => x === y, 'Equal');
