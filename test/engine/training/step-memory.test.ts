// A training step leaves nothing behind: its gradients are given back at once, not when the collector gets to them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { TrainStep } from '../../../src/engine/training/train-step.ts';

const SIDE = 1024;
const BYTES = 4 * SIDE * SIDE;

for (const parts of [1, 3]) {
  test(`array memory is the same after 30 steps of ${parts} as after 5`, async (t) => {
    const b = new Builder();
    const w = b.input('w', [SIDE, SIDE]);
    const loss = b.mean(b.square(b.matmul(b.input('x', [1, SIDE]), w)), 'all');
    const program = { b, loss, terms: {}, parameters: new Map([['w', w]]) };
    const weights = { w: new Float32Array(SIDE * SIDE).fill(0.01) };
    const step = await TrainStep.create(program, weights, { compile: { threads: 1 }, parts, lanes: 1 });
    t.after(() => step.release());
    const batches = Array.from({ length: parts }, () => ({ x: new Float32Array(SIDE).fill(0.5) }));
    const after = async (steps: number) => {
      for (let i = 0; i < steps; i++) await step.step(batches, () => 1e-3);
      return process.memoryUsage().arrayBuffers;
    };
    const [first, last] = [await after(5), await after(25)];
    assert.ok(last - first < BYTES, `${(last - first) / BYTES} gradients are still held`);
  });
}
