// gelu(x) = x Phi(x) with the exact normal distribution (erf form), as GEGLU uses it.

import type { NoAttrs, OpRecord } from '../op.ts';
import { erfValue } from './unary.ts';

export const gelu: OpRecord<NoAttrs> = {
  infer: ([x]) => x,
  // d/dx = Phi(x) + x phi(x)
  vjp: (b, grad, node) => {
    const x = node.inputs[0];
    const cdf = b.mul(b.add(b.erf(b.mul(x, Math.SQRT1_2)), 1), 0.5);
    const pdf = b.mul(b.exp(b.mul(b.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [b.mul(grad, b.add(cdf, b.mul(x, pdf)))];
  },
  eval: ([x]) => ({ shape: x.shape, data: x.data.map((v) => 0.5 * v * (1 + erfValue(v * Math.SQRT1_2))) }),
  lowerings: [
    { name: 'contrib', emit: (e, [x]) => e.node('Gelu', [x], {}, 'com.microsoft') },
    {
      name: 'erf',
      emit: (e, [x]) => {
        const half = e.node('Mul', [x, e.floats([0.5], [])]);
        const inner = e.node('Erf', [e.node('Mul', [x, e.floats([Math.SQRT1_2], [])])]);
        return e.node('Mul', [half, e.node('Add', [inner, e.floats([1], [])])]);
      },
    },
  ],
};
