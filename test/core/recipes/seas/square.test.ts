// The square of a picture, its eight positions, and the mask network's targets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { cellTarget, squareMask, squareOf } from '../../../../src/core/recipes/seas/square.ts';
import { drawVariant, squareVariant, VARIANTS } from '../../../../src/core/recipes/seas/square-variants.ts';

test('a quarter turn goes against the clock, then the picture is mirrored', () => {
  const picture = Float32Array.of(1, 2, 3, 4);
  const variant = (v: number) => [...squareVariant(picture, 2, v)];
  assert.deepEqual(variant(0), [1, 2, 3, 4]);
  assert.deepEqual(variant(1), [2, 4, 1, 3]);
  assert.deepEqual(variant(2), [4, 3, 2, 1]);
  assert.deepEqual(variant(4), [2, 1, 4, 3]);
  // A half turn and a mirror are a top-bottom flip.
  assert.deepEqual(variant(6), [3, 4, 1, 2]);
  const planes = Float32Array.of(...picture, 5, 6, 7, 8);
  assert.deepEqual([...squareVariant(planes, 2, 1)], [2, 4, 1, 3, 6, 8, 5, 7]);
});

test('all eight positions are different and drawn', () => {
  const picture = Float32Array.from({ length: 9 }, (_, i) => i);
  const all = Array.from({ length: VARIANTS }, (_, v) => squareVariant(picture, 3, v).join());
  assert.equal(new Set(all).size, VARIANTS);
  const rng = namedRng(0, 'variants');
  const drawn = new Set(Array.from({ length: 200 }, () => drawVariant(rng)));
  assert.equal(drawn.size, VARIANTS);
});

test('the middle of a wide picture, or all of it', () => {
  assert.deepEqual(squareOf({ width: 11, height: 6 }, 'middle'), { x: 2, y: 0, width: 6, height: 6 });
  assert.deepEqual(squareOf({ width: 4, height: 9 }, 'middle'), { x: 0, y: 2, width: 4, height: 4 });
  assert.deepEqual(squareOf({ width: 11, height: 6 }, 'whole'), { x: 0, y: 0, width: 11, height: 6 });
});

test('whole cells of a mask are exactly 1; a thin line is kept by half cells only', () => {
  const data = new Uint8Array(12 * 12);
  for (let y = 0; y < 12; y++) for (let x = 0; x < 12; x++) data[y * 12 + x] = y < 6 && x < 6 ? 1 : 0;
  for (let x = 0; x < 12; x++) data[9 * 12 + x] = 1;
  const rect = { x: 0, y: 0, width: 12, height: 12 };
  const soft = squareMask({ width: 12, height: 12, data }, rect, 12);
  const whole = cellTarget(soft, 12, 4, 'whole');
  const half = cellTarget(soft, 12, 4, 'half');
  assert.deepEqual([...whole], [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...half.slice(0, 8)], [1, 1, 0, 0, 1, 1, 0, 0]);
  // Its ends have nothing to go on to.
  assert.deepEqual([...half.slice(13, 15)], [1, 1]);
  const odd = squareMask({ width: 12, height: 12, data: new Uint8Array(144).fill(1) }, rect, 7);
  assert.ok(odd.every((v) => v === 1));
});
