// Softmax over one axis.

import { type NdArray, nd } from '../../tensor/ndarray.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { type Emitter, lower, type OpRecord } from '../op.ts';

function evaluate(x: NdArray, axis: number): NdArray {
  const out = nd(x.shape);
  const n = x.shape[axis];
  const inner = sizeOf(x.shape.slice(axis + 1));
  for (let start = 0; start < x.data.length; start += n * inner) {
    for (let i = 0; i < inner; i++) {
      const at = (k: number) => start + k * inner + i;
      let top = -Infinity;
      for (let k = 0; k < n; k++) top = Math.max(top, x.data[at(k)]);
      let total = 0;
      for (let k = 0; k < n; k++) total += out.data[at(k)] = Math.exp(x.data[at(k)] - top);
      for (let k = 0; k < n; k++) out.data[at(k)] /= total;
    }
  }
  return out;
}

/** One Softmax per input and axis, shared by softmax and attend. */
export const softmaxNode = (e: Emitter, x: string, axis: number): string =>
  e.shared(`softmax ${x} ${axis}`, () => e.node('Softmax', [x], { axis }));

export const softmax: OpRecord<{ axis: number }> = {
  infer: ([x]) => x,
  // dx = y (g - sum(g y))
  vjp: (b, grad, node, { axis }) => [b.mul(node, b.sub(grad, b.sum(b.mul(grad, node), [axis], true)))],
  eval: ([x], { axis }) => evaluate(x, axis),
  lowerings: lower((e, [x], { axis }) => softmaxNode(e, x, axis)),
};
