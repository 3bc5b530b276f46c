// The interpreter's arrays: index order and broadcasting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNd, forEachIndex, nd, zipBroadcast } from '../../../src/core/tensor/ndarray.ts';

test('indices run row-major', () => {
  const seen: string[] = [];
  forEachIndex([2, 3], (flat, index) => seen.push(`${flat}:${index.join('')}`));
  assert.deepEqual(seen, ['0:00', '1:01', '2:02', '3:10', '4:11', '5:12']);
  let calls = 0;
  forEachIndex([], () => calls++);
  assert.equal(calls, 1);
});

test('two operands repeat along axes of length one', () => {
  const sum = zipBroadcast(nd([2, 1], [10, 20]), nd([3], [1, 2, 3]), (x, y) => x + y);
  assert.deepEqual(sum.shape, [2, 3]);
  assert.deepEqual([...sum.data], [11, 12, 13, 21, 22, 23]);
});

test('gathering by index', () => {
  const source = nd([2, 2], [1, 2, 3, 4]);
  assert.deepEqual([...buildNd([2, 2], ([i, j]) => source.data[j * 2 + i]).data], [1, 3, 2, 4]);
});
