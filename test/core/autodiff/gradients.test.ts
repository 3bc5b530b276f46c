// The walk itself: accumulation, unbroadcasting, cut paths, what has no gradient.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import type { Value } from '../../../src/core/graph/value.ts';

const evaluate = (v: Value | null, feeds: Record<string, number[]>) => [
  ...interpret({ outputs: { v: v as Value } }, feeds).v.data,
];

test('a value used twice gets the sum of both gradients', () => {
  const b = new Builder();
  const x = b.input('x', [3]);
  const [g] = gradients(b, b.sum(b.add(b.mul(x, x), b.mul(x, 5)), 'all'), [x]);
  assert.deepEqual(evaluate(g, { x: [1, 2, 3] }), [7, 9, 11]);
});

test('a broadcast operand gets the sum over where it was repeated', () => {
  const b = new Builder();
  const [x, y] = [b.input('x', [2, 3]), b.input('y', [3])];
  const [g] = gradients(b, b.sum(b.mul(x, y), 'all'), [y]);
  assert.deepEqual(evaluate(g, { x: [1, 2, 3, 4, 5, 6], y: [0, 0, 0] }), [5, 7, 9]);
});

test('null where the loss does not depend on an input, or only through a cut', () => {
  const b = new Builder();
  const [x, y, z] = [b.input('x', [2]), b.input('y', [2]), b.input('z', [2])];
  const loss = b.sum(b.mul(x, b.stopGradient(b.square(y))), 'all');
  const found = gradients(b, loss, [x, y, z]);
  assert.ok(found[0]);
  assert.equal(found[1], null);
  assert.equal(found[2], null);
});

test('an op without a rule is refused only where gradient would have to pass it', () => {
  const b = new Builder();
  const x = b.input('x', [2, 3]);
  const loss = (v: Value) => b.sum(b.mul(b.rowRstd(v, 1e-5), b.sum(x, [1], true)), 'all');
  assert.throws(() => gradients(b, loss(x), [x]), /rowRstd has no gradient/);
  assert.ok(gradients(b, loss(b.stopGradient(x)), [x])[0]);
});

test('a loss must be a scalar', () => {
  const b = new Builder();
  const x = b.input('x', [2]);
  assert.throws(() => gradients(b, x, [x]), /a loss is a scalar/);
});

test('intermediate values can be asked for', () => {
  const b = new Builder();
  const x = b.input('x', [2]);
  const h = b.mul(x, 3);
  const [gh, gx] = gradients(b, b.sum(b.square(h), 'all'), [h, x]);
  assert.deepEqual(evaluate(gh, { x: [1, 2] }), [6, 12]);
  assert.deepEqual(evaluate(gx, { x: [1, 2] }), [18, 36]);
});

test('equal values share the gradient of max evenly, clip passes it at its limits', () => {
  const b = new Builder();
  const x = b.input('x', [4]);
  const [top] = gradients(b, b.max(x, 'all'), [x]);
  assert.deepEqual(evaluate(top, { x: [3, 1, 3, 2] }), [0.5, 0, 0.5, 0]);
  const [clipped] = gradients(b, b.sum(b.clip(x, 0, 1), 'all'), [x]);
  assert.deepEqual(evaluate(clipped, { x: [-1, 0, 1, 2] }), [0, 1, 1, 0]);
});
