// Every op's gradient rule against central differences, in float64 through the interpreter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { OPS, type OpName } from '../../../src/core/graph/ops/table.ts';
import { verify } from '../../../src/core/graph/verify.ts';
import { OP_CASES } from '../graph/op-cases.ts';
import { opProgram } from './op-program.ts';

const STEP = 1e-5;
const TOLERANCE = 1e-7;

test('every op of the table has a case', () => {
  const covered = new Set(OP_CASES.map((c) => c.op));
  const missing = (Object.keys(OPS) as OpName[]).filter((op) => !covered.has(op));
  assert.deepEqual(missing, []);
});

for (const c of OP_CASES) {
  test(`gradient of ${c.name}`, () => {
    const { program, feeds } = opProgram(c);
    assert.ok(verify(program) > 0);
    const exact = interpret(program, feeds);
    const lossOnly = { outputs: { loss: program.outputs.loss } };
    for (const name of Object.keys(c.inputs)) {
      const grad = exact[`grad.${name}`];
      if (c.inputs[name].ids) continue;
      if (c.gradient === 'cut') {
        assert.ok(!grad, `${name} must get no gradient`);
        continue;
      }
      const values = Float64Array.from(feeds[name]);
      const [low, high] = c.inputs[name].range ?? [-2, 2];
      const step = STEP * Math.min(1, high - low);
      const at = (i: number, delta: number) => {
        const moved = Float64Array.from(values);
        moved[i] += delta;
        return interpret(lossOnly, { ...feeds, [name]: moved }).loss.data[0];
      };
      for (let i = 0; i < values.length; i++) {
        const measured = (at(i, step) - at(i, -step)) / (2 * step);
        const found = grad ? grad.data[i] : 0;
        const error = Math.abs(measured - found) / Math.max(1, Math.abs(found));
        assert.ok(error < TOLERANCE, `${name}[${i}]: rule ${found}, differences ${measured}`);
      }
    }
  });
}
