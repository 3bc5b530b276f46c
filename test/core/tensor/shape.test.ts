// Shape rules, as NumPy has them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  broadcastAxes,
  broadcastShapes,
  normalizeAxes,
  reducedShape,
  sizeOf,
  stridesOf,
} from '../../../src/core/tensor/shape.ts';

test('sizes and strides', () => {
  assert.equal(sizeOf([]), 1);
  assert.equal(sizeOf([2, 3, 4]), 24);
  assert.deepEqual(stridesOf([2, 3, 4]), [12, 4, 1]);
});

test('broadcasting and what a gradient is summed over', () => {
  assert.deepEqual(broadcastShapes([2, 1, 4], [3, 1]), [2, 3, 4]);
  assert.deepEqual(broadcastShapes([], [5]), [5]);
  assert.throws(() => broadcastShapes([2], [3]), /cannot broadcast \[2\] with \[3\]/);
  assert.deepEqual(broadcastAxes([3, 1], [2, 3, 4]), [0, 2]);
  assert.deepEqual(broadcastAxes([1], [1]), []);
});

test('axes', () => {
  assert.deepEqual(normalizeAxes([-1, 0], 3), [0, 2]);
  assert.deepEqual(normalizeAxes('all', 2), [0, 1]);
  assert.throws(() => normalizeAxes([3], 3), /axis 3 of a tensor of rank 3/);
  assert.deepEqual(reducedShape([2, 3, 4], [0, 2], false), [3]);
  assert.deepEqual(reducedShape([2, 3, 4], [0, 2], true), [1, 3, 1]);
});
