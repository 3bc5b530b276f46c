// Our PNG writer: exact pixels through a decoder that is not ours, the same bytes each time, the profile carried.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import {
  countDifferences,
  decodePicture,
  encodeIndexPng,
  encodeMaskPng,
  encodePng,
} from '../../../src/engine/imaging/index.ts';
import { boxMask, testRaster } from './make-pictures.ts';

test('every depth and channel count comes back exactly, twice the same bytes', async () => {
  for (const deep of [false, true]) {
    for (const channels of [1, 2, 3, 4] as const) {
      const raster = testRaster(31, 19, channels, deep);
      const png = await encodePng(raster);
      assert.deepEqual(
        (await decodePicture(png)).raster,
        raster,
        `${channels} channels, ${deep ? 16 : 8} bit`,
      );
      assert.deepEqual(await encodePng(raster), png);
    }
  }
});

test('smooth, flat and one-pixel pictures: every row filter is undone', async () => {
  const smooth = Uint8Array.from(
    { length: 64 * 64 * 3 },
    (_, i) => (Math.floor(i / 192) * 2 + (i % 192)) & 255,
  );
  const rasters = [
    { width: 64, height: 64, channels: 3 as const, data: smooth },
    { width: 50, height: 3, channels: 1 as const, data: new Uint8Array(150).fill(77) },
    { width: 1, height: 1, channels: 3 as const, data: Uint8Array.of(1, 2, 3) },
  ];
  for (const raster of rasters) {
    assert.equal(countDifferences((await decodePicture(await encodePng(raster))).raster, raster), 0);
  }
});

test('the ICC profile is carried along', async () => {
  const { icc } = await sharp(
    await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .withIccProfile('p3')
      .png()
      .toBuffer(),
  ).metadata();
  const raster = testRaster(8, 8, 3);
  const back = await decodePicture(await encodePng(raster, { icc: new Uint8Array(icc!) }));
  assert.deepEqual(back.icc, new Uint8Array(icc!));
  assert.deepEqual(back.raster, raster);
});

test('masks are 8-bit grey with 0 and 255', async () => {
  const mask = boxMask(9, 7, 2, 2, 3, 3);
  const { raster } = await decodePicture(await encodeMaskPng(mask));
  assert.deepEqual(raster, { width: 9, height: 7, channels: 1, data: mask.data.map((v) => v * 255) });
});

test('differences are counted per pixel; other shapes are -1', () => {
  const a = testRaster(4, 4, 3);
  const data = a.data.slice();
  data[0] ^= 1;
  data[2] ^= 1;
  data[10] ^= 1;
  assert.equal(countDifferences(a, { ...a, data }), 2);
  assert.equal(countDifferences(a, testRaster(4, 4, 1)), -1);
  assert.equal(countDifferences(a, testRaster(4, 4, 3, true)), -1);
});

test('numbers with a palette: a decoder shows the colours', async () => {
  const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 7) & 255);
  const data = Uint8Array.from({ length: 20 * 13 }, (_, i) => i & 255);
  const png = await encodeIndexPng({ width: 20, height: 13, data }, palette);
  assert.equal(png[25], 3, 'colour type');
  const { raster } = await decodePicture(png);
  const shown = Uint8Array.from(
    { length: data.length * 3 },
    (_, i) => palette[3 * data[(i / 3) | 0] + (i % 3)],
  );
  assert.deepEqual([raster.channels, raster.data], [3, shown]);
});
