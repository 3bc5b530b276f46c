// Mask tools: components, morphology, distance, Otsu, set operations.

import assert from 'node:assert/strict';
import test from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { blurPlane } from '../../../src/core/image/blur.ts';
import { labelComponents } from '../../../src/core/image/components.ts';
import { distanceInside } from '../../../src/core/image/distance.ts';
import { addMask, cropMask, maskCentroid } from '../../../src/core/image/mask-ops.ts';
import { dilate, erode, fillHoles } from '../../../src/core/image/morphology.ts';
import { otsu } from '../../../src/core/image/otsu.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { emptyMask, maskArea } from '../../../src/core/image/raster.ts';

function drawn(...rows: string[]): Mask {
  const data = Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

function show(mask: Mask): string[] {
  return Array.from({ length: mask.height }, (_, y) =>
    [...mask.data.subarray(y * mask.width, (y + 1) * mask.width)].map((v) => (v === 0 ? '.' : '#')).join(''),
  );
}

test('components join over corners and report area and box', () => {
  const { components, labels } = labelComponents(drawn('#..#.', '.#.#.', '...#.', '##...', '...#.'));
  assert.deepEqual(
    components.map((c) => [c.area, c.bounds]),
    [
      [2, { x: 0, y: 0, width: 2, height: 2 }],
      [3, { x: 3, y: 0, width: 1, height: 3 }],
      [2, { x: 0, y: 3, width: 2, height: 1 }],
      [1, { x: 3, y: 4, width: 1, height: 1 }],
    ],
  );
  assert.equal(labels[3], 2);
});

test('components that only meet late become one', () => {
  const { components } = labelComponents(drawn('#.#.#', '#.#.#', '.#.#.'));
  assert.equal(components.length, 1);
  assert.equal(components[0].area, 8);
});

test('dilation equals the definition on random masks', () => {
  const rng = namedRng(2, 'dilate');
  for (let t = 0; t < 10; t++) {
    const mask = emptyMask(13, 9);
    for (let i = 0; i < mask.data.length; i++) mask.data[i] = rng.chance(0.06) ? 1 : 0;
    const r = rng.int(4);
    const out = dilate(mask, r);
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 13; x++) {
        let want = 0;
        for (let v = Math.max(0, y - r); v <= Math.min(8, y + r); v++) {
          for (let u = Math.max(0, x - r); u <= Math.min(12, x + r); u++) want |= mask.data[v * 13 + u];
        }
        assert.equal(out.data[y * 13 + x], want);
      }
    }
  }
});

test('erosion leaves the picture border alone, holes are filled', () => {
  assert.deepEqual(show(erode(drawn('####.', '####.', '####.'), 1)), ['###..', '###..', '###..']);
  assert.deepEqual(show(fillHoles(drawn('.###.', '.#.#.', '.###.', '.#...'))), [
    '.###.',
    '.###.',
    '.###.',
    '.#...',
  ]);
});

test('distance counts from the rim, ignoring the picture border', () => {
  const d = distanceInside(drawn('.....', '.###.', '.###.', '.###.', '.....'));
  assert.deepEqual([d[6], d[12], d[0]], [1, 2, 0]);
  assert.equal(distanceInside(drawn('##', '##'))[0], 4);
});

test('otsu separates two classes and tells one from two', () => {
  const rng = namedRng(3, 'otsu');
  const one = Float32Array.from({ length: 4000 }, () => rng.normal());
  const two = one.map((v, i) => (i % 3 === 0 ? v + 12 : v));
  assert.ok(otsu(one).separability < 0.7);
  const split = otsu(two);
  assert.ok(split.separability > 0.9);
  assert.ok(split.threshold > 3 && split.threshold < 9);
  assert.ok(Math.abs(split.highShare - 1 / 3) < 0.01);
  assert.equal(otsu([5, 5, 5]).separability, 0);
});

test('crop and add keep positions, also over the border', () => {
  const mask = drawn('#...', '..#.', '...#');
  const cut = cropMask(mask, { x: -1, y: -1, width: 3, height: 3 });
  assert.deepEqual(show(cut), ['...', '.#.', '...']);
  const target = emptyMask(4, 3);
  addMask(target, cropMask(mask, { x: 1, y: 1, width: 5, height: 5 }), 1, 1);
  assert.deepEqual(show(target), ['....', '..#.', '...#']);
  assert.equal(maskCentroid(emptyMask(2, 2)), null);
  assert.deepEqual(maskCentroid(drawn('..', '.#')), { x: 1.5, y: 1.5 });
});

test('blur keeps the sum in the middle and constants everywhere', () => {
  const flat = blurPlane(new Float32Array(30).fill(0.25), 6, 5, 2.3);
  for (const v of flat) assert.ok(Math.abs(v - 0.25) < 1e-6);
  const dot = new Float32Array(441);
  dot[220] = 1;
  const soft = blurPlane(dot, 21, 21, 1.5);
  assert.ok(Math.abs(soft.reduce((a, b) => a + b) - 1) < 1e-4);
  assert.ok(Math.abs(soft[220] - 1 / (2 * Math.PI * 2.25)) < 0.003);
  assert.equal(maskArea(emptyMask(3, 3)), 0);
});
