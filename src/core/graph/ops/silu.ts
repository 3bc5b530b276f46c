// silu(x) = x sigmoid(x), the activation of every ResnetBlock2D.

import type { NoAttrs, OpRecord } from '../op.ts';
export const silu: OpRecord<NoAttrs> = {
  infer: ([x]) => x,
  // d/dx = s + y (1 - s), s = sigmoid(x)
  vjp: (b, grad, node) => {
    const s = b.sigmoid(node.inputs[0]);
    return [b.mul(grad, b.add(s, b.mul(node, b.sub(1, s))))];
  },
  eval: ([x]) => ({ shape: x.shape, data: x.data.map((v) => v / (1 + Math.exp(-v))) }),
  lowerings: [
    {
      name: 'sigmoid-mul',
      emit: (e, [x]) => e.node('Mul', [x, e.shared(`sigmoid ${x}`, () => e.node('Sigmoid', [x]))]),
    },
    {
      name: 'quick-gelu',
      emit: (e, [x]) => e.node('QuickGelu', [x], { alpha: { float: 1 } }, 'com.microsoft'),
    },
  ],
};
