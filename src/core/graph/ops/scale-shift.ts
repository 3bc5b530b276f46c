// A factor and an offset per row: x [R,L] scale [R] + shift [R], in one pass.

import type { NoAttrs, OpRecord } from '../op.ts';

export const scaleShift: OpRecord<NoAttrs> = {
  infer: ([x]) => x,
  vjp: (b, grad, node) => {
    const [x, scale] = node.inputs;
    const rows = b.reshape(scale, [x.shape[0], 1]);
    return [b.mul(grad, rows), b.sum(b.mul(grad, x), [1]), b.sum(grad, [1])];
  },
  eval: ([x, scale, shift]) => {
    const [, columns] = x.shape;
    const row = (i: number) => Math.floor(i / columns);
    return { shape: x.shape, data: x.data.map((v, i) => v * scale.data[row(i)] + shift.data[row(i)]) };
  },
  lowerings: [
    {
      name: 'batch-norm',
      emit: (e, [x, scale, shift], _attrs, node) => {
        const [rows, columns] = node.shape;
        const channels = e.node('Reshape', [x, e.ints([1, rows, columns])]);
        const [zeros, ones] = [0, 1].map((v) => e.floats(new Float32Array(rows).fill(v), [rows]));
        const epsilon = { float: 0 };
        const y = e.node('BatchNormalization', [channels, scale, shift, zeros, ones], { epsilon });
        return e.node('Reshape', [y, e.ints(node.shape)]);
      },
    },
    {
      name: 'mul-add',
      emit: (e, [x, scale, shift], _attrs, node) => {
        const column = (name: string) => e.node('Reshape', [name, e.ints([node.shape[0], 1])]);
        return e.node('Add', [e.node('Mul', [x, column(scale)]), column(shift)]);
      },
    },
  ],
};
