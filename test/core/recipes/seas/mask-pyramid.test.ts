// Masks at latent size and below.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bilinearMask, halveMask, maskPyramid } from '../../../../src/core/recipes/seas/mask-pyramid.ts';

test('bilinear by 4 averages the two middle taps of each axis: 1 only where all four are', () => {
  const data = new Float32Array(64).fill(1);
  data[1 * 8 + 1] = 0;
  const small = bilinearMask({ data, height: 8, width: 8 }, 2, 2);
  assert.deepEqual([...small.data], [0.75, 1, 1, 1]);
});

test('a stack of masks is halved by the largest of each cell', () => {
  const data = Float32Array.from([0, 0.5, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual([...halveMask({ data, height: 2, width: 4 }).data], [0.5, 1]);
  const two = halveMask({ data, height: 2, width: 2 });
  assert.deepEqual([...two.data], [0.5, 1]);
  assert.throws(() => halveMask({ data, height: 1, width: 8 }), /mask of 1x8/);
});

test('the pyramid: bilinear once, then halving', () => {
  const data = new Float32Array(32 * 32);
  data[17 * 32 + 17] = 1;
  data[17 * 32 + 18] = 1;
  data[18 * 32 + 17] = 1;
  data[18 * 32 + 18] = 1;
  const levels = maskPyramid({ data, height: 32, width: 32 }, [8, 8], [4, 1, 2]);
  assert.deepEqual([...levels.keys()], [1, 2, 4]);
  assert.equal(levels.get(1)?.data[4 * 8 + 4], 1);
  assert.deepEqual([...(levels.get(4)?.data ?? [])], [0, 0, 0, 1]);
});
