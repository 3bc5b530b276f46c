// The time of taking in EXIF blocks, sound and damaged ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exifTime } from '../../../src/core/formats/exif-time.ts';

/** A block with DateTime in the first directory and, where given, DateTimeOriginal in the Exif directory. */
function block(little: boolean, dateTime: string | null, original: string | null): Uint8Array {
  const bytes = new Uint8Array(200);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(`${value}\0`), at);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, count, little);
    view.setUint32(at + 8, value, little);
  };
  view.setUint16(8, 2, little);
  if (dateTime !== null) {
    entry(10, 0x0132, 2, 20, 120);
    text(120, dateTime);
  }
  entry(22, 0x8769, 4, 1, 60);
  view.setUint16(60, 1, little);
  if (original !== null) {
    entry(62, 0x9003, 2, 20, 150);
    text(150, original);
  }
  return bytes;
}

const NOON = Date.UTC(2025, 2, 4, 12, 0, 0) / 1000;

test('the moment of taking is read in both byte orders, before the time of the last change', () => {
  for (const little of [true, false]) {
    assert.equal(exifTime(block(little, '2025:03:04 13:00:00', '2025:03:04 12:00:00')), NOON);
    assert.equal(exifTime(block(little, '2025:03:04 12:00:00', null)), NOON);
  }
  const tiff = block(true, null, '2025:03:04 12:00:00');
  const marked = new Uint8Array([...new TextEncoder().encode('Exif\0\0'), ...tiff]);
  assert.equal(exifTime(marked), NOON);
});

test('what is damaged, empty or no time gives none', () => {
  assert.equal(exifTime(new Uint8Array(0)), null);
  assert.equal(exifTime(block(true, null, null)), null);
  assert.equal(exifTime(block(true, '0000:00:00 00:00:00', null)), null);
  assert.equal(exifTime(block(true, 'yesterday, at noon  ', null)), null);
  const whole = block(false, '2025:03:04 12:00:00', '2025:03:04 12:00:00');
  for (let length = 0; length < whole.length; length++)
    assert.doesNotThrow(() => exifTime(whole.subarray(0, length)));
  const far = whole.slice();
  new DataView(far.buffer).setUint32(4, 0xffffffff);
  assert.equal(exifTime(far), null);
});
