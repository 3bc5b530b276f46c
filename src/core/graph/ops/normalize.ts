// Row normalisation, the heart of group, layer and instance norm: xhat = (x - mean) / sqrt(var + eps).

import { type NdArray, nd } from '../../tensor/ndarray.ts';
import type { Emitter, OpRecord } from '../op.ts';

export interface NormalizeAttrs {
  readonly eps: number;
}

/** Mean and reciprocal deviation (biased variance) of every row of [R,C]. */
function rowStatistics(x: NdArray, eps: number): { mean: Float64Array; rstd: Float64Array } {
  const [rows, cols] = x.shape;
  const mean = new Float64Array(rows);
  const rstd = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = x.data.subarray(r * cols, (r + 1) * cols);
    const m = row.reduce((a, v) => a + v, 0) / cols;
    mean[r] = m;
    rstd[r] = 1 / Math.sqrt(row.reduce((a, v) => a + (v - m) ** 2, 0) / cols + eps);
  }
  return { mean, rstd };
}

/** One LayerNormalization gives both the normalised rows and their reciprocal deviation. */
function layerNormalization(e: Emitter, x: string, cols: number, eps: number): string[] {
  return e.shared(`layer norm ${x} ${eps}`, () =>
    e.nodes('LayerNormalization', [x, e.floats(new Float32Array(cols).fill(1), [cols])], 3, {
      axis: -1,
      epsilon: { float: eps },
    }),
  );
}

/** Rows without their mean: for providers that take the variance as E[x^2] - E[x]^2 in float (WebGPU). */
const centred = (e: Emitter, x: string) =>
  e.shared(`centred ${x}`, () => e.node('Sub', [x, e.node('ReduceMean', [x, e.ints([1])], { keepdims: 1 })]));

/** Output `which` of the rows' layer normalisation. */
const lowerings = (which: 0 | 2): OpRecord<NormalizeAttrs>['lowerings'] => [
  {
    name: 'layer-norm',
    emit: (e, [x], { eps }, node) => layerNormalization(e, x, node.inputs[0].shape[1], eps)[which],
  },
  {
    name: 'centred-layer-norm',
    emit: (e, [x], { eps }, node) =>
      layerNormalization(e, centred(e, x), node.inputs[0].shape[1], eps)[which],
  },
];

/** x [R,C] -> [R,C]. */
export const normalizeRows: OpRecord<NormalizeAttrs> = {
  infer: ([x]) => x,
  // dx = rstd (g - mean(g) - xhat mean(g xhat))
  vjp: (b, grad, node, { eps }) => {
    const rstd = b.rowRstd(node.inputs[0], eps);
    const centred = b.sub(grad, b.mean(grad, [1], true));
    const along = b.mul(node, b.mean(b.mul(grad, node), [1], true));
    return [b.mul(b.sub(centred, along), rstd)];
  },
  eval: ([x], { eps }) => {
    const { mean, rstd } = rowStatistics(x, eps);
    const cols = x.shape[1];
    return { shape: x.shape, data: x.data.map((v, i) => (v - mean[(i / cols) | 0]) * rstd[(i / cols) | 0]) };
  },
  lowerings: lowerings(0),
};

/** x [R,C] -> [R,1]: 1 / sqrt(var + eps). Only the gradient of normalizeRows uses it. */
export const rowRstd: OpRecord<NormalizeAttrs> = {
  infer: ([x]) => ({ dtype: x.dtype, shape: [x.shape[0], 1] }),
  vjp: 'none',
  eval: ([x], { eps }, out) => nd(out.shape, rowStatistics(x, eps).rstd),
  lowerings: lowerings(2),
};
