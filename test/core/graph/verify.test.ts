// The verifier refuses programs broken by hand: it does not trust who built them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { verify } from '../../../src/core/graph/verify.ts';

function sound() {
  const b = new Builder();
  const [x, y] = [b.input('x', [2, 3]), b.input('y', [3])];
  return { b, x, y, sum: b.add(x, y) };
}
const refused = (value: Value, reason: RegExp) => assert.throws(() => verify({ outputs: { value } }), reason);

test('a sound program passes and is counted', () => {
  assert.equal(verify({ outputs: { sum: sound().sum } }), 3);
});

test('a result of the wrong shape or type', () => {
  refused({ ...sound().sum, shape: [3, 2] }, /add says float32\[3,2\], its rule float32\[2,3\]/);
  refused({ ...sound().sum, dtype: 'int32' }, /add says int32/);
});

test('inputs that do not fit the op', () => {
  const { sum, x } = sound();
  const other = new Builder().input('z', [7]);
  refused({ ...sum, inputs: [x, other] }, /cannot broadcast/);
});

test('attributes that do not fit the op', () => {
  const { b, x } = sound();
  refused({ ...b.reshape(x, [6]), attrs: { shape: [5] } }, /cannot reshape/);
});

test('an op nobody knows', () => {
  refused({ ...sound().sum, op: 'mystery' as 'add' }, /unknown op mystery/);
});

test('two inputs of one name', () => {
  const { b, x } = sound();
  const impostor = { ...new Builder().input('x', [2, 3]), id: 999 };
  refused(b.add(x, impostor), /two inputs are called x/);
});

test('a constant of the wrong length, and an empty dimension', () => {
  const { b } = sound();
  refused({ ...b.constant([1, 2], [2]), shape: [3] }, /constant of the wrong length/);
  refused({ ...b.input('e', [2]), shape: [0] }, /has shape \[0\]/);
});
