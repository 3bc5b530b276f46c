// Buffers over a run: written in place, shared by shape, given back; recomputation takes less of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { recomputedGradients } from '../../../src/core/autodiff/recompute.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { fold } from '../../../src/core/graph/passes/fold.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { peakOf, planBuffers } from '../../../src/core/memory/buffers.ts';
import { executionOrder } from '../../../src/core/memory/schedule.ts';
import { tapeOf } from '../../../src/core/memory/tape.ts';

const BYTES = 4 * 1000;
const peak = (outputs: Record<string, Value>) => peakOf(planBuffers(tapeOf({ outputs })).events);

test('a chain of elementwise nodes is one buffer', () => {
  const b = new Builder();
  let x = b.input('x', [1000]);
  for (let i = 0; i < 5; i++) x = b.tanh(x);
  const y = b.neg(x);
  assert.equal(peak({ y }), BYTES);
});

test('what is fed is never written over', () => {
  const b = new Builder();
  const x = b.input('x', [1000]);
  assert.equal(peak({ y: b.sum(b.exp(b.neg(x)), 'all') }), BYTES + 4);
});

test('a value that is read again later keeps its buffer', () => {
  const b = new Builder();
  const first = b.exp(b.input('x', [1000]));
  const second = b.tanh(first);
  assert.equal(peak({ y: b.sum(b.mul(first, second), 'all') }), 2 * BYTES);
});

test('a matrix product cannot be written over its operand', () => {
  const b = new Builder();
  const x = b.exp(b.input('x', [10, 10]));
  assert.equal(peak({ y: b.sum(b.matmul(x, x), 'all') }), 2 * 400);
});

test('what is taken is given back, except the results', () => {
  const b = new Builder();
  const x = b.input('x', [10, 10]);
  const outputs = { y: b.matmul(b.softmax(b.matmul(x, x)), x), z: b.sum(x, 'all') };
  const { events, outputBytes } = planBuffers(tapeOf({ outputs }));
  assert.equal(outputBytes, 404);
  assert.equal(
    events.reduce((n, e) => n + e.bytes, 0),
    outputBytes,
  );
});

test('every node runs once, after what it reads', () => {
  const b = new Builder();
  const x = b.exp(b.input('x', [4, 4]));
  const outputs = { y: b.sum(b.matmul(b.softmax(x), b.sub(x, b.mean(x, 'all'))), 'all') };
  const tape = tapeOf({ outputs });
  const order = executionOrder(tape);
  assert.deepEqual(
    [...order].sort((p, q) => p - q),
    [...tape.nodes.keys()],
  );
  const known = new Set([...tape.inputs, ...tape.initializers]);
  for (const n of order) {
    for (const t of tape.nodes[n].inputs) assert.ok(t < 0 || known.has(t));
    for (const t of tape.nodes[n].outputs) known.add(t);
  }
});

test('a deep network needs much less with its activations computed again', () => {
  const build = (recomputed: boolean) => {
    const b = new Builder();
    const weights = Array.from({ length: 24 }, (_, i) => b.input(`w${i}`, [64, 64]));
    const boundaries: Value[] = [];
    let h = b.input('x', [512, 64]);
    weights.forEach((w, i) => {
      h = b.silu(b.matmul(h, w));
      if (i % 4 === 3) boundaries.push(h);
    });
    const loss = b.mean(b.square(h), 'all');
    const found = recomputed
      ? recomputedGradients(b, loss, weights, boundaries)
      : gradients(b, loss, weights);
    return fold({ outputs: Object.fromEntries(found.map((g, i) => [`g${i}`, g as Value])) }).outputs;
  };
  const [plain, again] = [peak(build(false)), peak(build(true))];
  assert.ok(again < 0.55 * plain, `${again} of ${plain} bytes`);
});
