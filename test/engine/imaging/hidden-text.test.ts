// Compressed text inside PNGs is never inflated, and changes no pixel.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { pngOutline, withoutCompressedText } from '../../../src/core/formats/png-chunks.ts';
import { decodePicture } from '../../../src/engine/imaging/index.ts';
import { encoded, testRaster } from './make-pictures.ts';

const AFTER_HEADER = 8 + 25;

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + body.length);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(body, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + body.length)), 8 + body.length);
  return bytes;
}

function withChunk(png: Uint8Array, extra: Uint8Array): Uint8Array {
  return Buffer.concat([png.subarray(0, AFTER_HEADER), extra, png.subarray(AFTER_HEADER)]);
}

test('zTXt and compressed iTXt are taken out before decoding, plain text stays', async () => {
  const raster = testRaster(9, 7, 3);
  const png = await encoded(raster);
  const bomb = deflateSync(Buffer.alloc(20_000_000, 65));
  const chunks: [string, Buffer, boolean][] = [
    ['zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), bomb]), true],
    ['iTXt', Buffer.concat([Buffer.from('Comment\0\x01\0\0\0', 'latin1'), bomb]), true],
    ['iTXt', Buffer.from('Comment\0\0\0\0\0hello', 'latin1'), false],
    ['tEXt', Buffer.from('Comment\0hello', 'latin1'), false],
  ];
  for (const [type, body, compressed] of chunks) {
    const bytes = withChunk(png, chunk(type, body));
    assert.equal(pngOutline(bytes).compressedText, compressed ? body.length : 0);
    assert.deepEqual(Buffer.from(withoutCompressedText(bytes)), Buffer.from(compressed ? png : bytes));
    const picture = await decodePicture(bytes, { name: 'a.png' });
    assert.deepEqual(picture.raster, raster);
    assert.equal(picture.notes.length, compressed ? 1 : 0);
  }
});
