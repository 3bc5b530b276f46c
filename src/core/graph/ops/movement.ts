// Ops that only move numbers: reshape, transpose, slice, reverse, pad, concat, expand.

import { invariant } from '../../base/errors.ts';
import { broadcastOffset, buildNd } from '../../tensor/ndarray.ts';
import { broadcastAxes, shapeText, sizeOf, stridesOf } from '../../tensor/shape.ts';
import { lower, type OpRecord } from '../op.ts';

export const reshape: OpRecord<{ shape: readonly number[] }> = {
  infer: ([x], { shape }) => {
    invariant(
      sizeOf(shape) === sizeOf(x.shape),
      `cannot reshape ${shapeText(x.shape)} to ${shapeText(shape)}`,
    );
    return { dtype: x.dtype, shape };
  },
  vjp: (b, grad, node) => [b.reshape(grad, node.inputs[0].shape)],
  eval: ([x], { shape }) => ({ shape, data: x.data }),
  lowerings: lower((e, [x], { shape }) => e.node('Reshape', [x, e.ints(shape)])),
};

export const transpose: OpRecord<{ perm: readonly number[] }> = {
  infer: ([x], { perm }) => ({ dtype: x.dtype, shape: perm.map((p) => x.shape[p]) }),
  vjp: (b, grad, _node, { perm }) => {
    const inverse = perm.map((_, i) => perm.indexOf(i));
    return [b.transpose(grad, inverse)];
  },
  eval: ([x], { perm }, out) => {
    const strides = stridesOf(x.shape);
    return buildNd(out.shape, (index) => x.data[perm.reduce((o, p, i) => o + index[i] * strides[p], 0)]);
  },
  lowerings: lower((e, [x], { perm }) => e.node('Transpose', [x], { perm })),
};

export interface SliceAttrs {
  /** Per axis of the tensor: first index, end (exclusive), step >= 1. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

export const slice: OpRecord<SliceAttrs> = {
  infer: ([x], { starts, ends, steps }) => {
    const shape = x.shape.map((d, i) => {
      invariant(
        starts[i] >= 0 && ends[i] <= d && starts[i] < ends[i],
        `slice ${starts[i]}:${ends[i]} of ${d}`,
      );
      return Math.ceil((ends[i] - starts[i]) / steps[i]);
    });
    return { dtype: x.dtype, shape };
  },
  // Zeros around and, for steps > 1, between the entries.
  vjp: (b, grad, node, { starts, steps }) => {
    const full = node.inputs[0].shape;
    let g = grad;
    if (steps.some((s) => s !== 1)) {
      const rank = full.length;
      g = b.reshape(
        g,
        g.shape.flatMap((d) => [d, 1]),
      );
      g = b.pad(
        g,
        new Array(2 * rank).fill(0),
        steps.flatMap((s) => [0, s - 1]),
      );
      g = b.reshape(
        g,
        node.shape.map((d, i) => d * steps[i]),
      );
      const keep = full.map((d, i) => Math.min(g.shape[i], d - starts[i]));
      g = b.slice(
        g,
        full.map(() => 0),
        keep,
      );
    }
    const tail = full.map((d, i) => d - starts[i] - g.shape[i]);
    return [b.pad(g, starts, tail)];
  },
  eval: ([x], { starts, steps }, out) => {
    const strides = stridesOf(x.shape);
    return buildNd(
      out.shape,
      (i) => x.data[i.reduce((o, k, d) => o + (starts[d] + k * steps[d]) * strides[d], 0)],
    );
  },
  lowerings: lower((e, [x], { starts, ends, steps }, node) => {
    const from = node.inputs[0].shape;
    const axes = from.flatMap((d, i) => (starts[i] !== 0 || ends[i] !== d || steps[i] !== 1 ? [i] : []));
    if (axes.length === 0) return x;
    const pick = (values: readonly number[]) => e.ints(axes.map((a) => values[a]));
    return e.node('Slice', [x, pick(starts), pick(ends), e.ints(axes), pick(steps)]);
  }),
};

export const reverse: OpRecord<{ axes: readonly number[] }> = {
  infer: ([x]) => x,
  vjp: (b, grad, _node, { axes }) => [b.reverse(grad, axes)],
  eval: ([x], { axes }, out) => {
    const strides = stridesOf(x.shape);
    return buildNd(
      out.shape,
      (i) => x.data[i.reduce((o, k, d) => o + (axes.includes(d) ? x.shape[d] - 1 - k : k) * strides[d], 0)],
    );
  },
  lowerings: lower((e, [x], { axes }) => {
    const all = (v: number) => e.ints(axes.map(() => v));
    return e.node('Slice', [x, all(-1), all(-1_000_000_000), e.ints(axes), all(-1)]);
  }),
};

export interface PadAttrs {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}

export const pad: OpRecord<PadAttrs> = {
  infer: ([x], { before, after }) => ({
    dtype: x.dtype,
    shape: x.shape.map((d, i) => d + before[i] + after[i]),
  }),
  vjp: (b, grad, node, { before }) => {
    const { shape } = node.inputs[0];
    return [
      b.slice(
        grad,
        before,
        shape.map((d, i) => d + before[i]),
      ),
    ];
  },
  eval: ([x], { before, value }, out) => {
    const strides = stridesOf(x.shape);
    return buildNd(out.shape, (i) => {
      let offset = 0;
      for (let d = 0; d < i.length; d++) {
        const k = i[d] - before[d];
        if (k < 0 || k >= x.shape[d]) return value;
        offset += k * strides[d];
      }
      return x.data[offset];
    });
  },
  lowerings: lower((e, [x], { before, after, value }) => {
    if ([...before, ...after].every((p) => p === 0)) return x;
    return e.node('Pad', [x, e.ints([...before, ...after]), e.floats([value], [])]);
  }),
};

export const concat: OpRecord<{ axis: number }> = {
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    const shape = first.shape.map((d, i) => (i === axis ? inputs.reduce((n, t) => n + t.shape[axis], 0) : d));
    for (const t of inputs) {
      invariant(
        t.shape.length === shape.length && t.shape.every((d, i) => i === axis || d === shape[i]),
        `cannot concat ${inputs.map((u) => shapeText(u.shape)).join(' ')} on axis ${axis}`,
      );
    }
    return { dtype: first.dtype, shape };
  },
  vjp: (b, grad, node, { axis }) => {
    let at = 0;
    return node.inputs.map((input) => {
      const part = b.narrow(grad, axis, at, input.shape[axis]);
      at += input.shape[axis];
      return part;
    });
  },
  eval: (inputs, { axis }, out) => {
    const strides = inputs.map((t) => stridesOf(t.shape));
    return buildNd(out.shape, (i) => {
      let k = i[axis];
      let which = 0;
      while (k >= inputs[which].shape[axis]) k -= inputs[which++].shape[axis];
      return inputs[which].data[i.reduce((o, v, d) => o + (d === axis ? k : v) * strides[which][d], 0)];
    });
  },
  lowerings: lower((e, inputs, { axis }) => e.node('Concat', inputs, { axis })),
};

export const expand: OpRecord<{ shape: readonly number[] }> = {
  infer: ([x], { shape }) => ({ dtype: x.dtype, shape }),
  vjp: (b, grad, node) => {
    const from = node.inputs[0].shape;
    return [b.reshape(b.sum(grad, broadcastAxes(from, node.shape), true), from)];
  },
  eval: ([x], { shape }) => {
    const strides = stridesOf(x.shape);
    return buildNd(shape, (i) => x.data[broadcastOffset(x.shape, strides, i)]);
  },
  lowerings: lower((e, [x], { shape }) => e.node('Expand', [x, e.ints(shape)])),
};
