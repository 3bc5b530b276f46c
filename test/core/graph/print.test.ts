// The printer: names, leaves, attributes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { letterName, print } from '../../../src/core/graph/print.ts';

test('letters go on after z', () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(letterName), ['a', 'z', 'aa', 'az', 'ba', 'zz', 'aaa']);
});

test('inputs, constants and attributes', () => {
  const b = new Builder();
  const ids = b.input('ids', [2], 'int32');
  const rows = b.gather(b.constant([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]), ids);
  const y = b.sum(b.mul(b.add(rows, b.constant([1, 2], [2])), 0.5), [0]);
  assert.equal(
    print({ outputs: { y } }),
    `a: [4,2] = constant [8 values]
b: int32[2] = input ids
c: [2,2] = gather(a, b)
d: [2] = constant [1 2]
e: [2,2] = add(c, d)
f: [2,2] = mul(e, 0.5)
g: [2] = sum(f) {axes=[0] keepDims=false}
return y = g
`,
  );
});
