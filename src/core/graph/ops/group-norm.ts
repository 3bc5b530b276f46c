// Group normalisation of x [N,C,...] with affine weight and bias [C], as one op: its gradient needs only sums per
// channel, which are a few passes fewer than the gradient of normalised rows.

import { type NdArray, nd } from '../../tensor/ndarray.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Emitter, OpRecord } from '../op.ts';
import type { Value } from '../value.ts';

export interface GroupNormAttrs {
  readonly groups: number;
  readonly eps: number;
}

/** Mean and reciprocal deviation (biased variance) of each of the N x groups rows. */
function statistics(x: NdArray, { groups, eps }: GroupNormAttrs) {
  const rows = x.shape[0] * groups;
  const size = x.data.length / rows;
  const mean = new Float64Array(rows);
  const rstd = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = x.data.subarray(r * size, (r + 1) * size);
    mean[r] = row.reduce((a, v) => a + v, 0) / size;
    rstd[r] = 1 / Math.sqrt(row.reduce((a, v) => a + (v - mean[r]) ** 2, 0) / size + eps);
  }
  return { size, mean, rstd };
}

function normalised(x: NdArray, attrs: GroupNormAttrs): NdArray {
  const { size, mean, rstd } = statistics(x, attrs);
  return { shape: x.shape, data: x.data.map((v, i) => (v - mean[(i / size) | 0]) * rstd[(i / size) | 0]) };
}

/**
 * Normalised rows [N groups, size] and their reciprocal deviation [N groups,1], once per x. `centred`: without the
 * mean first, for providers that take the variance as E[x^2] - E[x]^2 in float (WebGPU).
 */
function groupRows(e: Emitter, x: string, of: Value, { groups, eps }: GroupNormAttrs, centred: boolean) {
  return e.shared(`group rows ${x} ${groups} ${eps} ${centred}`, () => {
    const rows = of.shape[0] * groups;
    const size = sizeOf(of.shape) / rows;
    let flat = e.node('Reshape', [x, e.ints([rows, size])]);
    if (centred) flat = e.node('Sub', [flat, e.node('ReduceMean', [flat, e.ints([1])], { keepdims: 1 })]);
    const ones = e.floats(new Float32Array(size).fill(1), [size]);
    const [xhat, , rstd] = e.nodes('LayerNormalization', [flat, ones], 3, {
      axis: -1,
      epsilon: { float: eps },
    });
    return { xhat, rstd };
  });
}

/** The same result of the shared rows in both forms. */
const bothForms = (
  emit: (e: Emitter, x: string, node: Value, attrs: GroupNormAttrs, centred: boolean) => string,
): OpRecord<GroupNormAttrs>['lowerings'] => [
  { name: 'layer-norm', emit: (e, [x], attrs, node) => emit(e, x, node, attrs, false) },
  { name: 'centred-layer-norm', emit: (e, [x], attrs, node) => emit(e, x, node, attrs, true) },
];

function multiplyAdd(e: Emitter, [, weight, bias]: readonly string[], node: Value, xhat: string): string {
  const [, c] = node.shape;
  const affine = [1, c, ...node.shape.slice(2).map(() => 1)];
  const scaled = e.node('Mul', [
    e.node('Reshape', [xhat, e.ints(node.shape)]),
    e.node('Reshape', [weight, e.ints(affine)]),
  ]);
  return e.node('Add', [scaled, e.node('Reshape', [bias, e.ints(affine)])]);
}

/** inputs x [N,C,...], weight [C], bias [C]. */
export const groupNorm: OpRecord<GroupNormAttrs> = {
  infer: ([x]) => x,
  // With xhat the normalised x, m numbers a group, sums over a group: dx = rstd (w g - (sum w g + xhat sum w g xhat) / m)
  vjp: (b, grad, node, attrs) => {
    const [x, w] = node.inputs;
    const { groups } = attrs;
    const [n, c] = x.shape;
    const g = b.reshape(grad, [n, c, -1]);
    const xhat = b.groupNormalized(x, attrs);
    const rstd = b.groupRstd(x, attrs);
    const ofGradient = b.sum(g, [2]);
    const along = b.sum(b.mul(g, b.reshape(xhat, g.shape)), [2]);
    const perGroup = (sums: Value) => {
      const total = b.sum(b.reshape(b.mul(sums, w), [n * groups, c / groups]), [1], true);
      return b.reshape(b.mul(b.mul(total, rstd), (-n * groups) / sizeOf(x.shape)), [n * groups]);
    };
    const scale = b.mul(b.reshape(w, [1, groups, c / groups]), b.reshape(rstd, [n, groups, 1]));
    const rest = b.scaleShift(b.reshape(xhat, [n * groups, -1]), perGroup(along), perGroup(ofGradient));
    const dx = b.add(b.mul(g, b.reshape(scale, [n, c, 1])), b.reshape(rest, g.shape));
    return [b.reshape(dx, x.shape), b.sum(along, [0]), b.sum(ofGradient, [0])];
  },
  eval: ([x, w, bias], attrs) => {
    const xhat = normalised(x, attrs);
    const plane = sizeOf(x.shape.slice(2));
    const channel = (i: number) => Math.floor(i / plane) % x.shape[1];
    return { shape: x.shape, data: xhat.data.map((v, i) => v * w.data[channel(i)] + bias.data[channel(i)]) };
  },
  lowerings: [
    {
      // Scale and shift of a channel in one pass: a batch normalisation with mean 0 and variance 1.
      name: 'batch-norm',
      emit: (e, [x, weight, bias], attrs, node) => {
        const [n, c] = node.shape;
        const { xhat } = groupRows(e, x, node, attrs, false);
        const channels = e.node('Reshape', [xhat, e.ints([n, c, sizeOf(node.shape.slice(2))])]);
        const [zeros, ones] = [0, 1].map((v) => e.floats(new Float32Array(c).fill(v), [c]));
        const epsilon = { float: 0 };
        const y = e.node('BatchNormalization', [channels, weight, bias, zeros, ones], { epsilon });
        return e.node('Reshape', [y, e.ints(node.shape)]);
      },
    },
    {
      name: 'centred-layer-norm',
      emit: (e, inputs, attrs, node) =>
        multiplyAdd(e, inputs, node, groupRows(e, inputs[0], node, attrs, true).xhat),
    },
  ],
};

/** x [N,C,...] -> the same without weight and bias. Only the gradient of groupNorm uses it. */
export const groupNormalized: OpRecord<GroupNormAttrs> = {
  infer: ([x]) => x,
  vjp: 'none',
  eval: ([x], attrs) => normalised(x, attrs),
  lowerings: bothForms((e, x, node, attrs, centred) =>
    e.node('Reshape', [groupRows(e, x, node, attrs, centred).xhat, e.ints(node.shape)]),
  ),
};

/** x [N,C,...] -> [N groups,1]: 1 / sqrt(var + eps). Only the gradient of groupNorm uses it. */
export const groupRstd: OpRecord<GroupNormAttrs> = {
  infer: ([x], { groups }) => ({ dtype: x.dtype, shape: [x.shape[0] * groups, 1] }),
  vjp: 'none',
  eval: ([x], attrs, out) => nd(out.shape, statistics(x, attrs).rstd),
  lowerings: bothForms((e, x, node, attrs, centred) => groupRows(e, x, node.inputs[0], attrs, centred).rstd),
};
