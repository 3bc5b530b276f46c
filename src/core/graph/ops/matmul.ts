// Batched matrix product with optional transposes of the last two axes.

import { invariant } from '../../base/errors.ts';
import { broadcastOffset, buildNd } from '../../tensor/ndarray.ts';
import { broadcastShapes, shapeText, stridesOf } from '../../tensor/shape.ts';
import type { Emitter, OpRecord } from '../op.ts';

export interface MatmulAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
}

function transposeLast(e: Emitter, x: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 1], perm[rank - 2]] = [perm[rank - 2], perm[rank - 1]];
  return e.node('Transpose', [x], { perm });
}

export const matmul: OpRecord<MatmulAttrs> = {
  infer: ([a, b], { transA, transB }) => {
    const [ra, rb] = [a.shape.length, b.shape.length];
    const [m, k] = transA ? [a.shape[ra - 1], a.shape[ra - 2]] : [a.shape[ra - 2], a.shape[ra - 1]];
    const [k2, n] = transB ? [b.shape[rb - 1], b.shape[rb - 2]] : [b.shape[rb - 2], b.shape[rb - 1]];
    invariant(ra >= 2 && rb >= 2 && k === k2, `matmul of ${shapeText(a.shape)} and ${shapeText(b.shape)}`);
    return { dtype: a.dtype, shape: [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n] };
  },
  // C = A B: dA = dC B^T, dB = A^T dC, each with the transposes carried along.
  vjp: (b, grad, node, { transA, transB }) => {
    const [x, y] = node.inputs;
    const dx = transA
      ? b.matmul(y, grad, { transA: transB, transB: true })
      : b.matmul(grad, y, { transB: !transB });
    const dy = transB
      ? b.matmul(grad, x, { transA: true, transB: transA })
      : b.matmul(x, grad, { transA: !transA });
    return [dx, dy];
  },
  eval: ([a, b], { transA, transB }, out) => {
    const rank = out.shape.length;
    const [sa, sb] = [stridesOf(a.shape), stridesOf(b.shape)];
    const inner = a.shape[a.shape.length - (transA ? 2 : 1)];
    const [am, ak] = transA ? [sa[sa.length - 1], sa[sa.length - 2]] : [sa[sa.length - 2], sa[sa.length - 1]];
    const [bk, bn] = transB ? [sb[sb.length - 1], sb[sb.length - 2]] : [sb[sb.length - 2], sb[sb.length - 1]];
    return buildNd(out.shape, (index) => {
      const lead = index.slice(0, rank - 2);
      let p = broadcastOffset(a.shape.slice(0, -2), sa, lead) + index[rank - 2] * am;
      let q = broadcastOffset(b.shape.slice(0, -2), sb, lead) + index[rank - 1] * bn;
      let total = 0;
      for (let k = 0; k < inner; k++, p += ak, q += bk) total += a.data[p] * b.data[q];
      return total;
    });
  },
  lowerings: [
    {
      name: 'fused',
      emit: (e, [a, b], { transA, transB }) =>
        transA || transB
          ? e.node('FusedMatMul', [a, b], { transA: transA ? 1 : 0, transB: transB ? 1 : 0 }, 'com.microsoft')
          : e.node('MatMul', [a, b]),
    },
    {
      name: 'transpose',
      when: (_node, { transA, transB }) => transA || transB,
      emit: (e, [a, b], { transA, transB }, node) => {
        const [ra, rb] = node.inputs.map((v) => v.shape.length);
        return e.node('MatMul', [transA ? transposeLast(e, a, ra) : a, transB ? transposeLast(e, b, rb) : b]);
      },
    },
    {
      // C^T = B^T A^T: a large transposed A is read as it lies, and the small result is turned instead.
      name: 'turned',
      when: (node, { transA, transB }) => {
        const [m, n] = node.shape.slice(-2);
        return transA && !transB && m >= 4 * n;
      },
      emit: (e, [a, b], _attrs, node) => {
        const turned = e.node('FusedMatMul', [b, a], { transA: 1, transB: 0 }, 'com.microsoft');
        return transposeLast(e, turned, node.shape.length);
      },
    },
  ],
};
