// softmax(logits) v as one op. Its gradient takes the sum over a row of weights from the result, which is small,
// instead of from the weights and their gradient, which are as large as the map.

import { invariant } from '../../base/errors.ts';
import { shapeText } from '../../tensor/shape.ts';
import type { NoAttrs, OpRecord } from '../op.ts';
import { matmul } from './matmul.ts';
import { softmax, softmaxNode } from './softmax.ts';

const PLAIN = { transA: false, transB: false };

/** inputs logits [...,T,L], v [...,L,d] -> [...,T,d]. */
export const attend: OpRecord<NoAttrs> = {
  infer: ([logits, v]) => {
    invariant(
      logits.shape.length >= 2 && logits.shape.length === v.shape.length,
      `attention of ${shapeText(logits.shape)} over ${shapeText(v.shape)}`,
    );
    return matmul.infer([logits, v], PLAIN);
  },
  // p = softmax(logits): dlogits = p (g v^T - sum(g y)), dv = p^T g
  vjp: (b, grad, node) => {
    const [logits, v] = node.inputs;
    const weights = b.softmax(logits);
    const along = b.sum(b.mul(grad, node), [node.shape.length - 1], true);
    const dlogits = b.mul(weights, b.sub(b.matmul(grad, v, { transB: true }), along));
    return [dlogits, b.matmul(weights, grad, { transA: true })];
  },
  eval: ([logits, v], _attrs, out) => {
    const axis = logits.shape.length - 1;
    const type = { dtype: out.dtype, shape: logits.shape };
    return matmul.eval([softmax.eval([logits], { axis }, type), v], PLAIN, out);
  },
  lowerings: [
    {
      name: 'default',
      emit: (e, [logits, v], _attrs, node) =>
        e.node('MatMul', [softmaxNode(e, logits, node.inputs[0].shape.length - 1), v]),
    },
  ],
};
