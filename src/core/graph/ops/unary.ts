// Elementwise functions of one argument.

import type { NdArray } from '../../tensor/ndarray.ts';
import type { Builder } from '../builder.ts';
import { lower, type NoAttrs, type OpRecord } from '../op.ts';
import type { Value } from '../value.ts';

type Gradient = (b: Builder, x: Value, y: Value) => Value;

/** A unary op: value f(x), derivative dy/dx written in IR ops, and the ONNX op of the same meaning. */
function unary(f: (x: number) => number, derivative: Gradient | 'zero', onnx: string): OpRecord<NoAttrs> {
  return {
    infer: ([x]) => ({ dtype: x.dtype, shape: x.shape }),
    vjp:
      derivative === 'zero' ? 'zero' : (b, grad, node) => [b.mul(grad, derivative(b, node.inputs[0], node))],
    eval: ([x]): NdArray => ({ shape: x.shape, data: x.data.map(f) }),
    lowerings: lower((e, [x]) => e.node(onnx, [x])),
  };
}

/** Abramowitz & Stegun 7.1.26 is too coarse for checks: erf by its series and continued fraction. */
export function erfValue(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 80; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / ((a + fraction) * Math.sqrt(Math.PI)));
}

const sigmoidValue = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

export const neg: OpRecord<NoAttrs> = unary(
  (x) => -x,
  (b) => b.scalar(-1),
  'Neg',
);
export const exp: OpRecord<NoAttrs> = unary(Math.exp, (_b, _x, y) => y, 'Exp');
export const log: OpRecord<NoAttrs> = unary(Math.log, (b, x) => b.reciprocal(x), 'Log');
export const sqrt: OpRecord<NoAttrs> = unary(Math.sqrt, (b, _x, y) => b.mul(b.reciprocal(y), 0.5), 'Sqrt');
export const reciprocal: OpRecord<NoAttrs> = unary(
  (x) => 1 / x,
  (b, _x, y) => b.neg(b.mul(y, y)),
  'Reciprocal',
);
export const sin: OpRecord<NoAttrs> = unary(Math.sin, (b, x) => b.cos(x), 'Sin');
export const cos: OpRecord<NoAttrs> = unary(Math.cos, (b, x) => b.neg(b.sin(x)), 'Cos');
export const tanh: OpRecord<NoAttrs> = unary(Math.tanh, (b, _x, y) => b.sub(1, b.mul(y, y)), 'Tanh');
export const sigmoid: OpRecord<NoAttrs> = unary(sigmoidValue, (b, _x, y) => b.mul(y, b.sub(1, y)), 'Sigmoid');
export const erf: OpRecord<NoAttrs> = unary(
  erfValue,
  (b, x) => b.mul(b.exp(b.neg(b.mul(x, x))), 2 / Math.sqrt(Math.PI)),
  'Erf',
);
export const abs: OpRecord<NoAttrs> = unary(Math.abs, (b, x) => b.sign(x), 'Abs');
export const sign: OpRecord<NoAttrs> = {
  ...unary(Math.sign, 'zero', 'Sign'),
  lowerings: [
    { name: 'sign', emit: (e, [x]) => e.node('Sign', [x]) },
    {
      // For providers without a Sign kernel (WebGPU).
      name: 'compare',
      emit: (e, [x]) => {
        const zero = e.floats([0], []);
        const [above, below] = ['Greater', 'Less'].map((op) =>
          e.node('Cast', [e.node(op, [x, zero])], { to: 1 }),
        );
        return e.node('Sub', [above, below]);
      },
    },
  ],
};
export const relu: OpRecord<NoAttrs> = unary(
  (x) => Math.max(x, 0),
  (b, _x, y) => b.cast(b.greater(y, 0), 'float32'),
  'Relu',
);
export const softplus: OpRecord<NoAttrs> = unary(
  (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  (b, x) => b.sigmoid(x),
  'Softplus',
);
