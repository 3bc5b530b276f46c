// Windows bitmaps: every depth, both row orders, and headers that lie.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBmp } from '../../../src/core/formats/bmp.ts';

/** A bitmap by hand; rows as stored. */
function bmp(
  width: number,
  height: number,
  bits: number,
  rows: number[][],
  palette: number[][] = [],
  compression = 0,
): Uint8Array {
  const offset = 54 + 4 * palette.length;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const bytes = new Uint8Array(offset + stride * rows.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, offset, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, palette.length, true);
  palette.forEach((entry, i) => {
    bytes.set(entry, 54 + 4 * i);
  });
  rows.forEach((row, y) => {
    bytes.set(row, offset + stride * y);
  });
  return bytes;
}

test('24 bit, bottom row first', () => {
  const file = bmp(2, 2, 24, [
    [1, 2, 3, 4, 5, 6],
    [7, 8, 9, 10, 11, 12],
  ]);
  assert.deepEqual(decodeBmp(file), {
    width: 2,
    height: 2,
    channels: 3,
    data: Uint8Array.of(9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4),
  });
});

test('32 bit, top row first (negative height)', () => {
  const file = bmp(1, -2, 32, [
    [1, 2, 3, 99],
    [4, 5, 6, 99],
  ]);
  assert.deepEqual(decodeBmp(file).data, Uint8Array.of(3, 2, 1, 6, 5, 4));
});

test('8, 4 and 1 bit: a grey palette gives one channel, a coloured one three', () => {
  const grey = [0, 1, 2].map((i) => [i * 100, i * 100, i * 100, 0]);
  assert.deepEqual(decodeBmp(bmp(3, 1, 8, [[2, 0, 1]], grey)), {
    width: 3,
    height: 1,
    channels: 1,
    data: Uint8Array.of(200, 0, 100),
  });
  assert.deepEqual(decodeBmp(bmp(3, 1, 4, [[0x20, 0x10]], grey)).data, Uint8Array.of(200, 0, 100));
  const colours = [
    [0, 0, 0, 0],
    [10, 20, 30, 0],
  ];
  assert.deepEqual(
    decodeBmp(bmp(3, 1, 1, [[0b10100000]], colours)).data,
    Uint8Array.of(30, 20, 10, 0, 0, 0, 30, 20, 10),
  );
});

test('what lies or is not supported is refused', () => {
  const refuse = (file: Uint8Array, message: RegExp) =>
    assert.throws(() => decodeBmp(file), { code: 'bad-image', message });
  refuse(bmp(30_000, 30_000, 24, [[1, 2, 3]]), /only \d+ bytes/);
  refuse(bmp(0, 1, 24, [[]]), /0x1/);
  refuse(bmp(1, 1, 16, [[1, 2]]), /16 bits/);
  refuse(bmp(1, 1, 8, [[1]], [[0, 0, 0, 0]], 1), /compressed/);
  refuse(bmp(1, 1, 8, [[7]], [[0, 0, 0, 0]]), /outside the palette/);
  refuse(new Uint8Array(20), /cut off/);
});
