// TIFF of 12 bits without gaps: made here bit by bit, read back, and damaged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePackedTiff, readPackedTiff } from '../../../src/core/formats/tiff-packed.ts';

/** An uncompressed TIFF of `values`, rows padded to whole bytes, little endian, two strips. */
function packedTiff(
  width: number,
  height: number,
  channels: 1 | 3,
  bits: number,
  values: number[],
): Uint8Array {
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    const row = values.slice(y * width * channels, (y + 1) * width * channels);
    const text = row.map((v) => v.toString(2).padStart(bits, '0')).join('');
    const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '0');
    rows.push(...(padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }
  const rowBytes = rows.length / height;
  const perStrip = Math.ceil(height / 2);
  const directory = 8 + rows.length + 16;
  const bytes = new Uint8Array(directory + 2 + 12 * 8 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  bytes.set(rows, 8);
  const strips = 8 + rows.length;
  view.setUint32(strips, 8, true);
  view.setUint32(strips + 4, 8 + perStrip * rowBytes, true);
  const tags = [
    [256, 3, 1, width],
    [257, 3, 1, height],
    [258, 3, 1, bits],
    [259, 3, 1, 1],
    [262, 3, 1, channels === 3 ? 2 : 1],
    [273, 4, 2, strips],
    [277, 3, 1, channels],
    [278, 3, 1, perStrip],
  ];
  view.setUint16(directory, tags.length, true);
  for (const [i, [tag, type, count, value]] of tags.entries()) {
    const at = directory + 2 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (type === 3) view.setUint16(at + 8, value, true);
    else view.setUint32(at + 8, value, true);
  }
  return bytes;
}

test('10, 12 and 14 bits, grey and RGB, come out as stored', () => {
  for (const bits of [10, 12, 14]) {
    for (const channels of [1, 3] as const) {
      const values = Array.from({ length: 7 * 5 * channels }, (_, i) => (i * 977) % 2 ** bits);
      const bytes = packedTiff(7, 5, channels, bits, values);
      const tiff = readPackedTiff(bytes);
      assert.ok(tiff !== null);
      const raster = decodePackedTiff(bytes, tiff);
      assert.deepEqual([raster.width, raster.height, raster.channels], [7, 5, channels]);
      assert.deepEqual([...raster.data], values);
    }
  }
});

test('other TIFFs are left to the general decoder, cut ones refused', () => {
  assert.equal(readPackedTiff(packedTiff(4, 4, 1, 8, new Array(16).fill(1))), null);
  assert.equal(readPackedTiff(new Uint8Array(10)), null);
  const bytes = packedTiff(7, 4, 1, 12, new Array(28).fill(5));
  new DataView(bytes.buffer).setUint16(
    new DataView(bytes.buffer).getUint32(4, true) + 2 + 12 + 8,
    40_000,
    true,
  );
  assert.throws(() => readPackedTiff(bytes), { code: 'bad-image' });
});
