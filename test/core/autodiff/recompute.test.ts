// Gradient checkpointing as a graph transformation: same numbers, fewer activations kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { recomputedGradients } from '../../../src/core/autodiff/recompute.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { fold } from '../../../src/core/graph/passes/fold.ts';
import { topologicalOrder, type Value } from '../../../src/core/graph/value.ts';
import { verify } from '../../../src/core/graph/verify.ts';
import { skipNetwork } from './skip-network.ts';

const count = (outputs: Record<string, Value>, op: string) =>
  topologicalOrder(Object.values(outputs)).filter((v) => v.op === op).length;

test('the same gradients as without, through skip connections and shared values', () => {
  const b = new Builder();
  const { loss, parameters, boundaries, feeds } = skipNetwork(b);
  const plain = gradients(b, loss, parameters) as Value[];
  const again = recomputedGradients(b, loss, parameters, boundaries) as Value[];
  const outputs: Record<string, Value> = {};
  plain.forEach((g, i) => {
    outputs[`plain${i}`] = g;
    outputs[`again${i}`] = again[i];
  });
  const program = fold({ outputs });
  verify(program);
  const results = interpret(program, feeds);
  plain.forEach((_, i) => {
    assert.deepEqual(results[`again${i}`].data, results[`plain${i}`].data);
  });
});

test('convolutions before the last boundary run twice, parameters are not recomputed', () => {
  const b = new Builder();
  const { loss, parameters, boundaries } = skipNetwork(b);
  const plain = Object.fromEntries(gradients(b, loss, parameters).map((g, i) => [`g${i}`, g as Value]));
  const found = recomputedGradients(b, loss, parameters, boundaries);
  const again = Object.fromEntries(found.map((g, i) => [`g${i}`, g as Value]));
  const tail = 1;
  assert.equal(count(again, 'conv2d'), 2 * count(plain, 'conv2d') - tail - boundaries.length);
  for (const v of topologicalOrder(Object.values(again))) {
    if (v.op === 'after') assert.ok(!parameters.includes(v.inputs[0]), 'a parameter is gated');
  }
});

test('a segment waits for the parameter gradients of all later ones', () => {
  const b = new Builder();
  const { loss, parameters, boundaries } = skipNetwork(b);
  const found = recomputedGradients(b, loss, parameters, boundaries) as Value[];
  const first = found[parameters.findIndex((p) => p.attrs.name === 'w1')];
  const needed = new Set(topologicalOrder([first]));
  for (const name of ['w2', 'w2.out', 'w3', 'w3.out', 'wh']) {
    const grad = found[parameters.findIndex((p) => p.attrs.name === name)];
    assert.ok(needed.has(grad), `the gradient of w1 does not wait for that of ${name}`);
  }
});

test('without boundaries nothing changes', () => {
  const b = new Builder();
  const { loss, parameters } = skipNetwork(b);
  assert.deepEqual(recomputedGradients(b, loss, parameters, []), gradients(b, loss, parameters));
});

test('no forward activation between boundaries is read by the backward pass', () => {
  const b = new Builder();
  const { loss, parameters, boundaries, interior } = skipNetwork(b);
  const forward = new Set(topologicalOrder([loss]));
  const found = recomputedGradients(b, loss, parameters, boundaries) as Value[];
  for (const v of topologicalOrder(found)) {
    if (forward.has(v)) continue;
    for (const input of v.inputs) assert.ok(!interior.includes(input), `${v.op} reads ${input.op}`);
  }
});
