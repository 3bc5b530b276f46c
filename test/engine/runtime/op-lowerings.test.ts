// Every op, every lowering, value and gradients: ONNX Runtime against the reference interpreter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { topologicalOrder } from '../../../src/core/graph/value.ts';
import { candidatesOf, type LoweringChoice } from '../../../src/core/onnx/emit.ts';
import { compile } from '../../../src/engine/runtime/executable.ts';
import { opProgram } from '../../core/autodiff/op-program.ts';
import { OP_CASES } from '../../core/graph/op-cases.ts';

/** Choice number `k` of every op, wrapping around: as many rounds as the longest list reach every candidate. */
const round = (k: number): LoweringChoice => ({ choose: (_node, names) => names[k % names.length] });

for (const c of OP_CASES) {
  test(`ONNX Runtime agrees on ${c.name}`, async () => {
    const { program, feeds } = opProgram(c);
    const expected = interpret(program, feeds);
    const nodes = topologicalOrder(Object.values(program.outputs)).filter((v) => v.inputs.length > 0);
    const rounds = Math.max(...nodes.map((v) => candidatesOf(v).length));
    for (let k = 0; k < rounds; k++) {
      const executable = await compile(program, { threads: 1, choice: round(k) });
      const results = await executable.run(feeds);
      await executable.release();
      for (const [name, want] of Object.entries(expected)) {
        const scale = want.data.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
        results[name].forEach((v, i) => {
          const error = Math.abs(v - want.data[i]) / scale;
          assert.ok(error < 1e-5, `round ${k}, ${name}[${i}]: ${v}, interpreter ${want.data[i]}`);
        });
      }
    }
  });
}
