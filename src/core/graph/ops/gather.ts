// Row lookup in a table (embeddings) and its adjoint, the sum of rows by id.

import { nd } from '../../tensor/ndarray.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { lower, type NoAttrs, type OpRecord } from '../op.ts';

/** table [V,D], ids int32 [...] -> [...,D]. */
export const gather: OpRecord<NoAttrs> = {
  infer: ([table, ids]) => ({ dtype: table.dtype, shape: [...ids.shape, ...table.shape.slice(1)] }),
  vjp: (b, grad, node) => [b.scatterRows(grad, node.inputs[1], node.inputs[0].shape[0]), null],
  eval: ([table, ids], _attrs, out) => {
    const width = sizeOf(table.shape.slice(1));
    const result = nd(out.shape);
    ids.data.forEach((id, i) => {
      result.data.set(table.data.subarray(id * width, (id + 1) * width), i * width);
    });
    return result;
  },
  lowerings: lower((e, inputs) => e.node('Gather', inputs, { axis: 0 })),
};

/** grad [...,D], ids int32 [...] -> [rows,D]; repeated ids add up. */
export const scatterRows: OpRecord<{ rows: number }> = {
  infer: ([grad, ids], { rows }) => ({
    dtype: grad.dtype,
    shape: [rows, ...grad.shape.slice(ids.shape.length)],
  }),
  vjp: (b, grad, node) => [b.gather(grad, node.inputs[1]), null],
  eval: ([grad, ids], _attrs, out) => {
    const width = sizeOf(out.shape.slice(1));
    const result = nd(out.shape);
    ids.data.forEach((id, i) => {
      for (let k = 0; k < width; k++) result.data[id * width + k] += grad.data[i * width + k];
    });
    return result;
  },
  lowerings: lower((e, [grad, ids], _attrs, node) => {
    const zeros = e.node('Expand', [e.floats([0], [1, 1]), e.ints(node.shape)]);
    const count = sizeOf(node.inputs[1].shape);
    // Reshaped before the cast: WebGPU has no kernels on int64 data.
    const flatIds = e.node('Cast', [e.node('Reshape', [ids, e.ints([count, 1])])], { to: 7 });
    const flat = e.node('Reshape', [grad, e.ints([count, ...node.shape.slice(1)])]);
    return e.node('ScatterND', [zeros, flatIds, flat], { reduction: 'add' });
  }),
};
