// Attention in groups of heads: the same numbers, smaller maps, gradients through it too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differentiated } from '../../../src/core/autodiff/step-program.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { sliceAttention } from '../../../src/core/graph/passes/slice-attention.ts';
import { topologicalOrder, type Value } from '../../../src/core/graph/value.ts';
import { attention } from '../../../src/core/nets/layers.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';
import { valuesFor } from './op-cases.ts';

const SHAPE = [2, 6, 5, 4];
const MAP_BYTES = 4 * 2 * 6 * 5 * 5;

function program(masked: boolean) {
  const b = new Builder();
  const [q, k, v] = ['q', 'k', 'v'].map((name) => b.input(name, SHAPE));
  const mask = masked ? b.input('mask', [1, 1, 5, 5]) : undefined;
  const out = attention(new Scope(b), q, k, v, mask);
  const loss = b.mean(b.mul(out, b.input('weight', SHAPE)), 'all');
  return { b, out, loss, inputs: { q, k, v } };
}

const feeds = Object.fromEntries(
  ['q', 'k', 'v', 'weight', 'mask'].map((name, i) => {
    const shape = name === 'mask' ? [1, 1, 5, 5] : SHAPE;
    return [name, valuesFor({ shape }, i)];
  }),
);
const largestMap = (outputs: Readonly<Record<string, Value>>) =>
  Math.max(
    ...topologicalOrder(Object.values(outputs))
      .filter((v) => v.op === 'softmax')
      .map((v) => 4 * sizeOf(v.shape)),
  );

for (const masked of [false, true]) {
  test(`heads in groups give what all give together${masked ? ', with a mask' : ''}`, () => {
    const { out } = program(masked);
    const plain = interpret({ outputs: { out } }, feeds).out;
    for (const [bytes, groups] of [
      [MAP_BYTES, 0],
      [MAP_BYTES - 1, 2],
      [MAP_BYTES / 3, 3],
      [1, 6],
    ]) {
      const sliced = sliceAttention(new Builder(), { outputs: { out } }, bytes);
      assert.equal(sliced.slices.length, groups);
      assert.ok(largestMap(sliced.outputs) <= Math.max(bytes, MAP_BYTES / 6));
      assert.deepEqual(interpret(sliced, feeds).out, plain);
    }
  });
}

test('gradients are the same, computed again or not', () => {
  const step = () => {
    const { b, loss, inputs } = program(false);
    return { b, loss, terms: { twice: b.mul(loss, 2) }, parameters: new Map(Object.entries(inputs)) };
  };
  const plain = interpret(differentiated(step()), feeds);
  for (const recompute of [false, true]) {
    const found = differentiated(step(), { recompute, attentionBytes: MAP_BYTES / 3 });
    const values = interpret(found, feeds);
    assert.deepEqual(Object.keys(values).sort(), ['grad:k', 'grad:q', 'grad:v', 'loss', 'term:twice']);
    for (const [name, { data }] of Object.entries(plain)) {
      data.forEach((v, i) => {
        assert.ok(
          Math.abs(v - values[name].data[i]) < 1e-9,
          `${name}[${i}]: ${values[name].data[i]}, not ${v}`,
        );
      });
    }
  }
});
