// Floating point operations of the heavy ops, two per multiply-add.

import { sizeOf } from '../tensor/shape.ts';
import type { Value } from './value.ts';

/** 0 for everything but convolutions and matrix products. */
export function flopsOf(node: Value): number {
  const [x, w] = node.inputs.map((v) => v.shape);
  switch (node.op) {
    case 'conv2d':
      return 2 * sizeOf(node.shape) * sizeOf(w.slice(1));
    case 'convInputGrad':
      return 2 * sizeOf(x) * sizeOf(w.slice(1));
    case 'convWeightGrad':
      return 2 * sizeOf(node.shape.slice(1)) * sizeOf(w);
    case 'linear':
      return 2 * sizeOf(node.shape) * x[1];
    case 'attend':
      return 2 * sizeOf(node.shape) * x[x.length - 1];
    case 'matmul': {
      const inner = (node.attrs as { transA: boolean }).transA ? x[x.length - 2] : x[x.length - 1];
      return 2 * sizeOf(node.shape) * inner;
    }
    default:
      return 0;
  }
}
