// Masks keep what matters when resampled and warped: thin scratches stay whole, specks stay, areas stay unbiased.

import assert from 'node:assert/strict';
import test from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { labelComponents } from '../../../src/core/image/components.ts';
import { resampleMask } from '../../../src/core/image/mask-resample.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { emptyMask, maskArea, maskBounds } from '../../../src/core/image/raster.ts';
import { makeWarp, warpMask, warpPoint } from '../../../src/core/image/warp.ts';

const WHOLE = { x: 0, y: 0, width: 300, height: 300 };

/** Line of 1 px (8-connected) through the middle at an angle. */
function scratch(angle: number, half = 120): Mask {
  const mask = emptyMask(300, 300);
  for (let t = -half; t <= half; t += 0.5) {
    const x = Math.floor(150.3 + t * Math.cos(angle));
    const y = Math.floor(150.3 + t * Math.sin(angle));
    mask.data[y * 300 + x] = 1;
  }
  return mask;
}

function disc(r: number): Mask {
  const mask = emptyMask(300, 300);
  for (let i = 0; i < mask.data.length; i++) {
    if (Math.hypot((i % 300) - 149.5, Math.floor(i / 300) - 149.5) <= r) mask.data[i] = 1;
  }
  return mask;
}

test('a 1 px scratch stays one thin connected line at every scale and angle', () => {
  for (const size of [32, 50, 77, 128, 190, 300]) {
    for (let k = 0; k < 12; k++) {
      const out = resampleMask(scratch((k * Math.PI) / 12 + 0.05), WHOLE, size, size);
      const { components } = labelComponents(out);
      assert.equal(components.length, 1, `size ${size}, angle ${k}`);
      const box = maskBounds(out)!;
      const length = Math.max(box.width, box.height);
      assert.ok(length >= (240 * 0.7 * size) / 300 - 3, `size ${size}, angle ${k}: length ${length}`);
      assert.ok(maskArea(out) <= 1.7 * length + 3, `size ${size}, angle ${k}: area ${maskArea(out)}`);
    }
  }
});

test('specks of one pixel survive, blobs keep their area', () => {
  const specks = emptyMask(300, 300);
  for (const [x, y] of [
    [10, 10],
    [150, 40],
    [299, 299],
    [77, 203],
  ]) {
    specks.data[y * 300 + x] = 1;
  }
  assert.equal(labelComponents(resampleMask(specks, WHOLE, 64, 64)).components.length, 4);
  for (const size of [50, 128, 200, 450]) {
    const area = maskArea(resampleMask(disc(60), WHOLE, size, size)) * (300 / size) ** 2;
    assert.ok(Math.abs(area / maskArea(disc(60)) - 1) < 0.03, `size ${size}: ${area}`);
  }
});

test('a border of zero leaves the mirrored side empty', () => {
  const window = { x: -100, y: 0, width: 300, height: 300 };
  const mask = emptyMask(300, 300);
  for (let y = 100; y < 140; y++) mask.data.fill(1, y * 300 + 5, y * 300 + 40);
  const zero = resampleMask(mask, window, 150, 150, 'zero');
  const mirrored = resampleMask(mask, window, 150, 150, 'reflect');
  assert.equal(labelComponents(zero).components.length, 1);
  assert.ok(maskArea(mirrored) > 1.9 * maskArea(zero));
});

test('warps keep the area, follow the angle and repeat with the seed', () => {
  const source = disc(40);
  const bounds = maskBounds(source)!;
  const params = { angle: 0.7, flip: true, scale: 1.2, noise: { sigma: 16, amplitude: 5 } };
  const out = warpMask(source, makeWarp(bounds, params, namedRng(4, 'w')));
  assert.ok(Math.abs(maskArea(out) / (maskArea(source) * 1.44) - 1) < 0.12);
  assert.deepEqual(out, warpMask(source, makeWarp(bounds, params, namedRng(4, 'w'))));
  assert.notDeepEqual(out, warpMask(source, makeWarp(bounds, params, namedRng(5, 'w'))));

  // A quarter turn (x towards y) brings the right end of a line to the bottom; the flip mirrors first.
  const quarter = makeWarp(
    { x: 0, y: 0, width: 20, height: 4 },
    { angle: Math.PI / 2, flip: false, scale: 1, noise: null },
    namedRng(1, 'q'),
  );
  const at = new Float64Array(2);
  warpPoint(quarter, quarter.width / 2, quarter.height / 2 + 10, at);
  assert.ok(Math.abs(at[0] - 20) < 1e-9 && Math.abs(at[1] - 2) < 1e-9);
});

test('a rotated and shrunk scratch stays in one piece', () => {
  for (let k = 0; k < 8; k++) {
    const source = scratch(0.3, 60);
    const params = {
      angle: k * 0.4,
      flip: k % 2 === 1,
      scale: 0.8 + 0.06 * k,
      noise: { sigma: 20, amplitude: 3 },
    };
    const out = warpMask(source, makeWarp(maskBounds(source)!, params, namedRng(k, 's')));
    const { components } = labelComponents(out);
    const largest = Math.max(...components.map((c) => c.area));
    assert.ok(largest / maskArea(out) > 0.9, `case ${k}: ${components.map((c) => c.area)}`);
    const box = maskBounds(out)!;
    assert.ok(Math.hypot(box.width, box.height) > 0.9 * 120 * params.scale);
  }
});
