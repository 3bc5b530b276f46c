// A case of op-cases.ts as a program: its value, a weighted sum of it as loss, and the gradient of every input.

import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Program } from '../../../src/core/graph/graph.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { dtypeOf, type OpCase, valuesFor } from '../graph/op-cases.ts';

export interface OpProgram {
  readonly value: Value;
  /** Outputs: value, loss, and `grad.NAME` for every float input that gets a gradient. */
  readonly program: Program;
  readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>;
}

export function opProgram(c: OpCase): OpProgram {
  const b = new Builder();
  const names = Object.keys(c.inputs);
  const inputs = Object.fromEntries(
    names.map((n) => [n, b.input(n, c.inputs[n].shape, dtypeOf(c.inputs[n]))] as const),
  );
  const value = c.build(b, inputs);
  const upstream = b.constant(
    valuesFor({ shape: value.shape, range: [-1, 1] }, 17) as Float32Array,
    value.shape,
  );
  const loss = b.sum(b.mul(value, upstream), 'all');
  const wrt = names.filter((n) => !c.inputs[n].ids);
  const outputs: Record<string, Value> = { value, loss };
  gradients(
    b,
    loss,
    wrt.map((n) => inputs[n]),
  ).forEach((g, i) => {
    if (g) outputs[`grad.${wrt[i]}`] = g;
  });
  const feeds = Object.fromEntries(names.map((n, i) => [n, valuesFor(c.inputs[n], i)] as const));
  return { value, program: { outputs }, feeds };
}
