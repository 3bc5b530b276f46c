// Shapes inferred for the nodes of every lowering end in the shape the IR says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { inferOutputs, type TensorFacts } from '../../../src/core/memory/onnx-shapes.ts';
import { candidatesOf, emitOnnx } from '../../../src/core/onnx/emit.ts';
import { dtypeOf, OP_CASES, type OpCase } from '../graph/op-cases.ts';

function programOf(c: OpCase): Value {
  const b = new Builder();
  const values = Object.entries(c.inputs).map(([n, spec]) => [n, b.input(n, spec.shape, dtypeOf(spec))]);
  return c.build(b, Object.fromEntries(values));
}

/** What differs between the inferred types of IR results and the IR's own. */
function differences(result: Value, lowering: (names: readonly string[]) => string): string[] {
  const facts = new Map<string, TensorFacts>();
  const found: string[] = [];
  const text = ({ dtype, shape }: Pick<TensorFacts, 'dtype' | 'shape'>) => `${dtype}[${shape}]`;
  emitOnnx(
    { outputs: { result } },
    {
      choice: { choose: (_node, names) => lowering(names) },
      trace: {
        initializer: (name, type, values) => void facts.set(name, { ...type, values }),
        node(opType, inputs, outputs, attrs) {
          const inferred = inferOutputs(
            opType,
            inputs.map((name) => (name === '' ? null : (facts.get(name) as TensorFacts))),
            attrs,
          );
          if (!inferred) found.push(`${opType} has no shape rule`);
          outputs.forEach((name, i) => {
            if (inferred?.[i]) facts.set(name, inferred[i]);
          });
        },
        value(name, value) {
          if (value.op === 'input') facts.set(name, { dtype: value.dtype, shape: value.shape, values: null });
          const known = facts.get(name);
          if (known && text(known) !== text(value)) {
            found.push(`${value.op} is ${text(value)}, inferred ${text(known)}`);
          }
        },
      },
    },
  );
  return found;
}

for (const c of OP_CASES) {
  test(`${c.op}: ${c.name}`, () => {
    const result = programOf(c);
    const names = new Set(candidatesOf(result).map((l) => l.name));
    for (const name of names) {
      assert.deepEqual(
        differences(result, (candidates) => (candidates.includes(name) ? name : candidates[0])),
        [],
        `lowering ${name}`,
      );
    }
  });
}
