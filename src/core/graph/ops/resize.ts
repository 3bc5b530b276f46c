// Nearest-neighbour doubling and its adjoint, the sum of every 2x2 cell.

import { buildNd, nd } from '../../tensor/ndarray.ts';
import { lower, type NoAttrs, type OpRecord } from '../op.ts';

/** [N,C,H,W] -> [N,C,2H,2W]. */
export const upsampleNearest2x: OpRecord<NoAttrs> = {
  infer: ([x]) => ({ dtype: x.dtype, shape: [x.shape[0], x.shape[1], 2 * x.shape[2], 2 * x.shape[3]] }),
  vjp: (b, grad) => [b.sumCells2x(grad)],
  eval: ([x], _attrs, out) => {
    const [, c, h, w] = x.shape;
    return buildNd(out.shape, ([n, k, i, j]) => x.data[((n * c + k) * h + (i >> 1)) * w + (j >> 1)]);
  },
  lowerings: [
    {
      name: 'resize',
      emit: (e, [x]) =>
        e.node('Resize', [x, '', e.floats([1, 1, 2, 2], [4])], {
          mode: 'nearest',
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        }),
    },
    {
      name: 'expand',
      emit: (e, [x], _attrs, node) => {
        const [n, c, h, w] = node.inputs[0].shape;
        const cells = e.node('Expand', [
          e.node('Reshape', [x, e.ints([n * c, h, 1, w, 1])]),
          e.ints([n * c, h, 2, w, 2]),
        ]);
        return e.node('Reshape', [cells, e.ints(node.shape)]);
      },
    },
  ],
};

/** [N,C,2H,2W] -> [N,C,H,W]. */
export const sumCells2x: OpRecord<NoAttrs> = {
  infer: ([x]) => ({ dtype: x.dtype, shape: [x.shape[0], x.shape[1], x.shape[2] / 2, x.shape[3] / 2] }),
  vjp: (b, grad) => [b.upsampleNearest2x(grad)],
  eval: ([x], _attrs, out) => {
    const [, c, h, w] = x.shape;
    const y = nd(out.shape);
    for (let p = 0; p < x.data.length; p++) {
      const [plane, i, j] = [Math.floor(p / (h * w)), Math.floor(p / w) % h, p % w];
      y.data[(plane * (h >> 1) + (i >> 1)) * (w >> 1) + (j >> 1)] += x.data[p];
    }
    void c;
    return y;
  },
  lowerings: lower((e, [x]) => {
    const mean = e.node('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
    return e.node('Mul', [mean, e.floats([4], [])]);
  }),
};
