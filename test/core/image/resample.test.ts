// Resampling and window crops: exact where nothing changes, mirrored beyond borders, unbiased when shrinking.

import assert from 'node:assert/strict';
import test from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import type { Raster } from '../../../src/core/image/raster.ts';
import { planes } from '../../../src/core/image/raster.ts';
import { reflectIndex, resizePlanes } from '../../../src/core/image/resample.ts';
import { cropToPlanes, planesToRaster, toCode, whiteLevel } from '../../../src/core/image/window-crop.ts';

function noise(width: number, height: number, channels: 1 | 3 | 4, deep = false): Raster {
  const rng = namedRng(1, `noise ${width} ${height} ${channels}`);
  const data = deep ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = rng.int(deep ? 65536 : 256);
  return { width, height, channels, data };
}

test('indices mirror about the outermost samples for any distance', () => {
  assert.deepEqual(
    [-5, -2, -1, 0, 3, 4, 5, 7, 9].map((i) => reflectIndex(i, 4)),
    [1, 2, 1, 0, 3, 2, 1, 1, 3],
  );
  assert.equal(reflectIndex(-17, 1), 0);
});

test('a crop at native size returns every code value exactly', () => {
  for (const [channels, deep] of [
    [1, false],
    [3, false],
    [4, false],
    [3, true],
    [1, true],
  ] as const) {
    const src = noise(9, 7, channels, deep);
    const white = deep ? 65535 : 255;
    const out = cropToPlanes(src, { x: 2, y: 1, width: 5, height: 4 });
    assert.deepEqual([out.channels, out.width, out.height], [3, 5, 4]);
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < 20; i++) {
        const at = ((1 + Math.floor(i / 5)) * 9 + 2 + (i % 5)) * channels + (channels >= 3 ? c : 0);
        assert.equal(toCode(src, out.data[c * 20 + i], white), src.data[at]);
      }
    }
  }
});

test('beyond the border the picture is mirrored, also when it is smaller than the window', () => {
  const src = noise(4, 3, 1);
  const out = cropToPlanes(src, { x: -6, y: -5, width: 16, height: 12 });
  for (let y = 0; y < 12; y++) {
    for (let x = 0; x < 16; x++) {
      const want = src.data[reflectIndex(y - 5, 3) * 4 + reflectIndex(x - 6, 4)];
      assert.equal(toCode(src, out.data[y * 16 + x], 255), want);
    }
  }
});

test('shrinking keeps the mean and removes stripes finer than a cell', () => {
  const src: Raster = { width: 64, height: 64, channels: 1, data: new Uint8Array(64 * 64) };
  for (let i = 0; i < src.data.length; i++) src.data[i] = i % 2 === 0 ? 200 : 0;
  const out = cropToPlanes(src, { x: 0, y: 0, width: 64, height: 64 }, 12, 12);
  for (const v of out.data) assert.ok(Math.abs(v - 100 / 255) < 0.03, `${v}`);
});

test('fractional windows shift linearly', () => {
  const src: Raster = { width: 16, height: 4, channels: 1, data: new Uint8Array(64) };
  for (let i = 0; i < 64; i++) src.data[i] = 10 * (i % 16);
  const out = cropToPlanes(src, { x: 4.25, y: 0, width: 4, height: 4 }, 4, 4);
  for (let x = 0; x < 4; x++) assert.ok(Math.abs(out.data[x] * 255 - (42.5 + 10 * x)) < 1e-3);
});

test('enlarging with cubic and shrinking back returns smooth content', () => {
  const src = planes(1, 16, 16);
  for (let i = 0; i < 256; i++)
    src.data[i] = 0.5 + 0.3 * Math.sin((i % 16) / 3) * Math.cos(Math.floor(i / 16) / 3);
  const back = resizePlanes(resizePlanes(src, 48, 48, 'cubic'), 16, 16, 'box');
  for (let i = 0; i < 256; i++) assert.ok(Math.abs(back.data[i] - src.data[i]) < 0.03);
});

test('white level: 255 for 8 bit, the next 2^k - 1 for deep pictures', () => {
  assert.equal(whiteLevel([noise(4, 4, 3)]), 255);
  const twelve: Raster = { width: 2, height: 1, channels: 1, data: Uint16Array.of(17, 3000) };
  assert.equal(whiteLevel([twelve]), 4095);
  assert.equal(whiteLevel([{ ...twelve, data: Uint16Array.of(65535, 1) }]), 65535);
  assert.equal(
    cropToPlanes(twelve, { x: 1, y: 0, width: 1, height: 1 }, 1, 1, { white: 4095 }).data[0].toFixed(3),
    '0.733',
  );
  assert.equal(planesToRaster(planes(3, 2, 2)).data.length, 12);
});
