// The slow reference backend: evaluates a program in float64 plain TypeScript, no native module.

import { invariant } from '../base/errors.ts';
import { type NdArray, nd } from '../tensor/ndarray.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Program } from './graph.ts';
import type { OpRecord } from './op.ts';
import { OPS, type OpName } from './ops/table.ts';
import { constantData, inputName, topologicalOrder, type Value } from './value.ts';

function constantArray(value: Value): NdArray {
  const data = constantData(value);
  return typeof data === 'number'
    ? { shape: value.shape, data: new Float64Array(sizeOf(value.shape)).fill(data) }
    : nd(value.shape, data);
}

/** Evaluates every output; `feeds` holds an array per input name. */
export function interpret(
  program: Program,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, NdArray> {
  const names = Object.keys(program.outputs);
  const results = new Map<Value, NdArray>();
  for (const value of topologicalOrder(names.map((n) => program.outputs[n]))) {
    if (value.op === 'constant') results.set(value, constantArray(value));
    else if (value.op === 'input') {
      const feed = feeds[inputName(value)];
      invariant(feed && feed.length === sizeOf(value.shape), `feed for ${inputName(value)}`);
      results.set(value, nd(value.shape, feed));
    } else {
      const record = OPS[value.op as OpName] as unknown as OpRecord<object>;
      const inputs = value.inputs.map((v) => results.get(v) as NdArray);
      results.set(value, record.eval(inputs, value.attrs, value));
    }
  }
  return Object.fromEntries(names.map((n) => [n, results.get(program.outputs[n]) as NdArray]));
}
