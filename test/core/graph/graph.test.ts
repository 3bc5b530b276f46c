// The arena: equal nodes are one object, whatever way they were asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { attributesKey } from '../../../src/core/graph/value.ts';

test('equal nodes are one node', () => {
  const b = new Builder();
  const x = b.input('x', [2, 3]);
  assert.equal(b.exp(x), b.exp(x));
  assert.equal(b.sum(x, [-1]), b.sum(x, [1]));
  assert.equal(b.scalar(0.5), b.scalar(0.5));
  assert.notEqual(b.sum(x, [0]), b.sum(x, [1]));
  assert.equal(b.input('x', [2, 3]), x);
  assert.throws(() => b.input('x', [3, 2]), /input x is float32\[2,3\]/);
});

test('equal constants are one node, long ones too; other numbers or shapes are not', () => {
  const b = new Builder();
  const numbers = (last: number) => Float32Array.from({ length: 100 }, (_, i) => (i === 99 ? last : i));
  const first = b.constant(numbers(7), [10, 10]);
  assert.equal(b.constant(numbers(7), [10, 10]), first);
  assert.notEqual(b.constant(numbers(8), [10, 10]), first);
  assert.notEqual(b.constant(numbers(7), [100]), first);
  assert.equal(b.constant([1, 2], [2]), b.constant([1, 2], [2]));
});

test('attributes are told apart even where JSON would not', () => {
  assert.notEqual(attributesKey({ value: Infinity }), attributesKey({ value: -Infinity }));
  assert.notEqual(attributesKey({ value: Number.NaN }), attributesKey({ value: null }));
  assert.equal(attributesKey({ a: 1, b: [2, 3] }), attributesKey({ b: [2, 3], a: 1 }));
});

test('the builder leaves out work that changes nothing', () => {
  const b = new Builder();
  const x = b.input('x', [2, 3]);
  assert.equal(b.add(x, 0), x);
  assert.equal(b.mul(1, x), x);
  assert.equal(b.reshape(b.reshape(x, [6]), [2, -1]), x);
  assert.equal(b.transpose(x, [0, 1]), x);
  assert.equal(b.slice(x, [0, 0], [2, 3]), x);
  assert.equal(b.pad(x, [0, 0], [0, 0]), x);
  assert.equal(b.expand(x, [2, 3]), x);
  assert.equal(b.cast(x, 'float32'), x);
  assert.equal(b.concat([x], 0), x);
  assert.notEqual(b.add(x, b.fill(0, [4, 2, 3])), x);
});

test('shape errors name the shapes', () => {
  const b = new Builder();
  const [x, y] = [b.input('x', [2, 3]), b.input('y', [2, 4])];
  assert.throws(() => b.add(x, y), /cannot broadcast \[2,3\] with \[2,4\]/);
  assert.throws(() => b.matmul(x, y), /matmul of \[2,3\] and \[2,4\]/);
  assert.throws(() => b.reshape(x, [5]), /cannot reshape \[2,3\] to \[5\]/);
  assert.throws(() => b.concat([x, y], 0), /cannot concat/);
  assert.throws(() => b.slice(x, [0, 0], [2, 4]), /slice 0:4 of 3/);
  assert.throws(() => b.split(x, 1, 2), /cannot split axis 1/);
  assert.throws(() => b.sum(x, [2]), /axis 2 of a tensor of rank 2/);
  const image = b.input('image', [1, 3, 4, 4]);
  assert.throws(() => b.conv2d(image, b.input('w', [2, 2, 3, 3]), null), /conv of \[1,3,4,4\]/);
});
