// Decoding: stored code values, whatever the format; damaged files refused with a reason.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { AppError } from '../../../src/core/base/errors.ts';
import { decodePicture, sha256File, sha256Hex } from '../../../src/engine/imaging/index.ts';
import { encoded, put, tempFolder, testRaster, turnedJpeg } from './make-pictures.ts';
import { mkfifo } from './mkfifo.ts';

test('8 and 16 bit, 1 to 4 channels come back exactly from PNG and TIFF', async () => {
  for (const deep of [false, true]) {
    for (const channels of [1, 2, 3, 4] as const) {
      const raster = testRaster(23, 17, channels, deep);
      const png = await decodePicture(await encoded(raster));
      assert.deepEqual(png.raster, raster, `PNG, ${channels} channels, ${deep ? 16 : 8} bit`);
      assert.equal(png.bitDepth, deep ? 16 : 8);
      const tiff = await decodePicture(await encoded(raster, 'tiff'));
      assert.deepEqual(tiff.raster, raster, `TIFF, ${channels} channels, ${deep ? 16 : 8} bit`);
    }
  }
});

test('an ICC profile is returned and changes no pixel', async () => {
  const raster = testRaster(16, 16, 3);
  const { width, height, data } = raster;
  const file = await sharp(data, { raw: { width, height, channels: 3 } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const tagged = await decodePicture(new Uint8Array(file));
  // What sharp stored: the same file with the profile chunk cut out.
  const at = file.indexOf('iCCP') - 4;
  const bare = Buffer.concat([file.subarray(0, at), file.subarray(at + 12 + file.readUInt32BE(at))]);
  assert.deepEqual(tagged.raster, (await decodePicture(new Uint8Array(bare))).raster);
  assert.ok(tagged.icc !== null && tagged.icc.length > 300);
  assert.equal((await decodePicture(new Uint8Array(bare))).icc, null);
});

test('EXIF orientation is applied: all eight give the same picture', async () => {
  const raster: ReturnType<typeof testRaster> = {
    width: 16,
    height: 8,
    channels: 1,
    data: new Uint8Array(128),
  };
  for (let i = 0; i < 128; i++) raster.data[i] = i % 16 < 8 ? (i < 64 ? 10 : 90) : i < 64 ? 160 : 240;
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { raster: shown, turned } = await decodePicture(await turnedJpeg(raster, orientation));
    assert.equal(turned, orientation !== 1);
    assert.deepEqual([shown.width, shown.height], orientation < 5 ? [16, 8] : [8, 16]);
    const quarter = (x: number, y: number): number => shown.data[(y * shown.width + x) * shown.channels];
    const corners = [
      quarter(2, 2),
      quarter(shown.width - 3, 2),
      quarter(2, shown.height - 3),
      quarter(shown.width - 3, shown.height - 3),
    ];
    const expected = CORNERS[orientation];
    corners.forEach((value, i) => {
      assert.ok(
        Math.abs(value - expected[i]) < 12,
        `orientation ${orientation}, corner ${i}: ${value}, ${expected[i]} expected`,
      );
    });
  }
});
/** Corners (top left, top right, bottom left, bottom right) of stored 10 160 / 90 240, per orientation. */
const CORNERS: Record<number, number[]> = {
  1: [10, 160, 90, 240],
  2: [160, 10, 240, 90],
  3: [240, 90, 160, 10],
  4: [90, 240, 10, 160],
  5: [10, 90, 160, 240],
  6: [90, 10, 240, 160],
  7: [240, 160, 90, 10],
  8: [160, 240, 10, 90],
};

test('CMYK becomes RGB by the plain formula, palettes become RGB, WebP is read', async () => {
  const flat = { width: 8, height: 8, channels: 3 as const, background: { r: 200, g: 40, b: 90 } };
  const cmyk = await decodePicture(
    new Uint8Array(await sharp({ create: flat }).toColourspace('cmyk').jpeg().toBuffer()),
  );
  assert.equal(cmyk.raster.channels, 3);
  assert.match(cmyk.notes.join(), /CMYK/);
  const palette = await decodePicture(
    new Uint8Array(await sharp({ create: flat }).png({ palette: true }).toBuffer()),
  );
  assert.deepEqual([...palette.raster.data.subarray(0, 3)], [200, 40, 90]);
  const raster = testRaster(9, 5, 3);
  assert.deepEqual((await decodePicture(await encoded(raster, 'webp'))).raster, raster);
});

/** Asserts a refusal that names the file and says what to do. */
async function refused(input: Uint8Array | string, message: RegExp, limits = {}): Promise<void> {
  await assert.rejects(decodePicture(input, { name: 'part.png', limits }), (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'bad-image');
    assert.match(error.message, message);
    assert.match(error.message, /part\.png/);
    assert.equal(error.details.file, 'part.png');
    assert.ok((error.details.hint ?? '').length > 5);
    return true;
  });
}

test('damaged and foreign files are refused with the reason', async (t) => {
  const folder = await tempFolder(t);
  const png = await encoded(testRaster(64, 64, 3));
  const jpeg = await encoded(testRaster(64, 64, 3), 'jpeg');
  await refused(png.subarray(0, png.length / 2), /cut off/);
  await refused(jpeg.subarray(0, jpeg.length / 2), /cut off/);
  await refused(jpeg.subarray(0, jpeg.length - 40), /cut off/);
  await refused(jpeg.subarray(0, jpeg.length - 2), /cut off/);
  const progressive = await sharp(Buffer.from(jpeg)).jpeg({ progressive: true }).toBuffer();
  await refused(new Uint8Array(progressive.subarray(0, progressive.length - 40)), /cut off/);
  const longer = new Uint8Array(Buffer.concat([jpeg, Buffer.from('appended by a camera')]));
  assert.deepEqual((await decodePicture(longer)).raster, (await decodePicture(jpeg)).raster);
  const flipped = png.slice();
  flipped[png.length >> 1] ^= 0x55;
  await refused(flipped, /damaged/);
  await refused(new TextEncoder().encode('not a picture at all'), /text, not a picture/);
  await refused(new Uint8Array(0), /empty/);
  await refused(await put(folder, 'empty.png', ''), /empty/);
  await refused(folder, /a folder/);
  const grey = { width: 4, height: 4, channels: 3 as const, background: 'grey' };
  await refused(new Uint8Array(await sharp({ create: grey }).gif().toBuffer()), /GIF/);
  const frames = await sharp(Buffer.alloc(4 * 8 * 3, 9), {
    raw: { width: 4, height: 8, channels: 3, pageHeight: 4 },
  })
    .webp({ loop: 0, delay: [50, 50] })
    .toBuffer();
  if (((await sharp(frames).metadata()).pages ?? 1) > 1) await refused(new Uint8Array(frames), /animated/);
});

test('limits hold before anything is decoded', async (t) => {
  const png = await encoded(testRaster(64, 64, 1));
  await refused(png, /limit is 0 megapixels|limit on pixels/, { maxPixels: 1000 });
  await refused(png, /packed into/, { ratioFromPixels: 100, maxPixelsPerByte: 0.1 });
  const path = await put(await tempFolder(t), 'a.png', png);
  await refused(path, /limit is/, { maxBytes: 10 });
  const pipe = await mkfifo(await tempFolder(t));
  if (pipe !== null) await refused(pipe, /pipe or device/);
});

test('a wrong extension is taken by content and noted; the hash is of the bytes', async (t) => {
  const jpeg = await encoded(testRaster(20, 20, 3), 'jpeg');
  const path = await put(await tempFolder(t), 'a.png', jpeg);
  const picture = await decodePicture(path);
  assert.equal(picture.format, 'jpeg');
  assert.match(picture.notes.join(), /JPEG/);
  assert.equal(picture.sha256, sha256Hex(jpeg));
  assert.equal(await sha256File(path), picture.sha256);
  await assert.rejects(decodePicture(`${path}.missing`), { code: 'not-found' });
  await assert.rejects(sha256File(`${path}.missing`), { code: 'not-found' });
});
