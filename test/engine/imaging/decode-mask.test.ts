// Masks: what counts as defect, and what is no mask.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import type { Raster } from '../../../src/core/image/raster.ts';
import { decodeMask, encodeMaskPng } from '../../../src/engine/imaging/index.ts';
import { boxMask, encoded, maskPng, testRaster } from './make-pictures.ts';

const box = boxMask(40, 30, 5, 6, 10, 8);

test('0 and 255, 0 and 1, class numbers, 16 bit and colour all give the same mask', async () => {
  const pixels = box.data;
  const variants: Uint8Array[] = [
    await maskPng(box),
    await maskPng(box, 1),
    await maskPng(box, 3),
    await encodeMaskPng(box),
    await encoded({ ...box, channels: 1, data: Uint16Array.from(pixels, (v) => v * 65535) }),
    await encoded({
      ...box,
      channels: 3,
      data: Uint8Array.from(
        { length: pixels.length * 3 },
        (_, i) => pixels[Math.floor(i / 3)] * [35, 164, 54][i % 3],
      ),
    }),
  ];
  for (const [i, variant] of variants.entries()) {
    const { mask, areaPx } = await decodeMask(variant, box);
    assert.deepEqual(mask, box, `variant ${i}`);
    assert.equal(areaPx, 80);
  }
});

test('a mask saved as JPEG is thresholded and noted; 128 is defect, 127 is not', async () => {
  const jpeg = await decodeMask(
    await encoded({ ...box, channels: 1, data: box.data.map((v) => v * 255) }, 'jpeg'),
    box,
  );
  assert.deepEqual(jpeg.mask, box);
  assert.match(jpeg.notes.join(), /grey values/);
  const data = new Uint8Array(1200);
  data.set([255, 128, 127, 1]);
  assert.equal(
    (await decodeMask(await encoded({ width: 40, height: 30, channels: 1, data }), box)).areaPx,
    2,
  );
});

test('white everywhere with the shape in alpha, and transparent background', async () => {
  const rgba = (colour: (i: number) => number): Raster => ({
    ...box,
    channels: 4,
    data: Uint8Array.from({ length: box.data.length * 4 }, (_, i) =>
      i % 4 === 3 ? box.data[i >> 2] * 255 : colour(i),
    ),
  });
  const white = await decodeMask(await encoded(rgba(() => 255)), box);
  assert.deepEqual(white.mask, box);
  assert.match(white.notes.join(), /transparency/);
  const coloured = await decodeMask(await encoded(rgba((i) => (i % 8 < 4 ? 255 : 250))), box);
  assert.deepEqual(coloured.mask, box);
});

test('another size, an empty mask, a photo: bad-mask with the reason', async () => {
  const refuse = async (bytes: Uint8Array, reason: string, message: RegExp) =>
    assert.rejects(decodeMask(bytes, box, { name: 'm.png' }), (error: unknown) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual([error.code, error.details.reason, error.details.file], ['bad-mask', reason, 'm.png']);
      assert.match(error.message, message);
      return true;
    });
  await refuse(await maskPng(boxMask(30, 40, 1, 1, 2, 2)), 'size', /30x40.*40x30/);
  await refuse(await maskPng(boxMask(40, 30, 0, 0, 0, 0)), 'empty', /no pixel/);
  await refuse(await encoded(testRaster(40, 30, 3)), 'not-a-mask', /does not look like a mask/);
});

test('masks that are probably a mistake are noted', async () => {
  const all = await decodeMask(await maskPng(boxMask(40, 30, 0, 0, 40, 30)), box);
  assert.match(all.notes.join(), /every pixel/);
  const most = await decodeMask(await maskPng(boxMask(40, 30, 0, 0, 40, 20)), box);
  assert.match(most.notes.join(), /inverted/);
});
