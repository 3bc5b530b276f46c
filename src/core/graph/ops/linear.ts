// x [R,C] times weight [O,C] transposed, plus bias [O] -> [R,O], as torch.nn.functional.linear: one node, one pass.

import { invariant } from '../../base/errors.ts';
import { shapeText } from '../../tensor/shape.ts';
import { lower, type NoAttrs, type OpRecord } from '../op.ts';
import { matmul } from './matmul.ts';

const TRANSPOSED = { transA: false, transB: true };

export const linear: OpRecord<NoAttrs> = {
  infer: ([x, w, bias]) => {
    invariant(
      x.shape.length === 2 && w.shape.length === 2 && bias.shape.length === 1 && bias.shape[0] === w.shape[0],
      `linear of ${shapeText(x.shape)} with ${shapeText(w.shape)} and ${shapeText(bias.shape)}`,
    );
    return matmul.infer([x, w], TRANSPOSED);
  },
  vjp: (b, grad, node) => {
    const [x, w] = node.inputs;
    return [b.matmul(grad, w), b.matmul(grad, x, { transA: true }), b.sum(grad, [0])];
  },
  eval: ([x, w, bias], _attrs, out) => {
    const y = matmul.eval([x, w], TRANSPOSED, out);
    return { shape: y.shape, data: y.data.map((v, i) => v + bias.data[i % bias.data.length]) };
  },
  lowerings: lower((e, inputs) => e.node('Gemm', inputs, { transB: 1 })),
};
