// Half floats: exact widening, rounding to nearest even, and the way there and back for every pattern.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bfloat16ToFloat,
  floatToHalf,
  HALF_MAX,
  halfToFloat,
  toHalfBits,
} from '../../../src/core/tensor/half.ts';

test('every fp16 pattern that is not NaN survives widening and narrowing', () => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const back = floatToHalf(halfToFloat(patterns));
  for (let i = 0; i < 65536; i++) {
    const isNaNPattern = (i & 0x7c00) === 0x7c00 && (i & 0x3ff) !== 0;
    if (isNaNPattern) assert.equal(back[i] & 0x7fff, 0x7e00);
    else assert.equal(back[i], i);
  }
});

test('known values widen exactly', () => {
  const values = halfToFloat(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x8000, 0x7c00));
  assert.deepEqual([...values], [1, -2, HALF_MAX, 2 ** -24, 2 ** -14, -0, Infinity]);
});

test('rounding: nearest, ties to even, in normals, subnormals and at the edges', () => {
  const ulp = 2 ** -10;
  const cases: [number, number][] = [
    [1 + 0.5 * ulp, 0x3c00],
    [1 + 1.5 * ulp, 0x3c02],
    [1 + 0.5 * ulp + 2 ** -20, 0x3c01],
    [-(1 + 1.5 * ulp), 0xbc02],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [1e30, 0x7c00],
    [2 ** -25, 0x0000],
    [2 ** -25 * 1.0001, 0x0001],
    [3 * 2 ** -25, 0x0002],
    [2 ** -14 - 2 ** -26, 0x0400],
    [1e-30, 0x0000],
    [-0, 0x8000],
  ];
  for (const [value, bits] of cases) assert.equal(toHalfBits(value), bits, `${value}`);
});

test('random values land on the nearer neighbour', () => {
  let seed = 1;
  const grid = halfToFloat(Uint16Array.from({ length: 0x7c00 }, (_, i) => i));
  for (let k = 0; k < 2000; k++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const value = Math.fround((seed / 2 ** 32) * 2 ** ((seed % 30) - 15));
    const bits = toHalfBits(value);
    const error = Math.abs(grid[bits] - value);
    for (const neighbour of [bits - 1, bits + 1]) {
      if (neighbour >= 0 && neighbour < grid.length)
        assert.ok(error <= Math.abs(grid[neighbour] - value), `${value}`);
    }
  }
});

test('bfloat16 is the upper half of a float32', () => {
  assert.deepEqual([...bfloat16ToFloat(Uint16Array.of(0x3f80, 0xc040, 0x7f80))], [1, -3, Infinity]);
});
