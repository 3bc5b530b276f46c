// tar headers: written and read back, long paths split, large sizes kept, damage refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { parseTarHeader, TAR_BLOCK, tarHeader, tarPadding } from '../../../src/core/formats/tar.ts';

const ENTRIES = [
  { path: 'a', size: 0 },
  { path: `blobs/aa/bb/${'c'.repeat(64)}`, size: 12345 },
  { path: `packs/${'p'.repeat(90)}/${'q'.repeat(99)}`, size: 8 ** 11 - 1 },
  { path: 'packs/größe/ü.json', size: 2 ** 45 + 7 },
];
for (const entry of ENTRIES) {
  test(`${entry.path.slice(0, 40)} of ${entry.size} bytes`, () => {
    const block = tarHeader(entry);
    assert.equal(block.length, TAR_BLOCK);
    assert.deepEqual(parseTarHeader(block), entry);
  });
}

test('an empty block is the end', () => assert.equal(parseTarHeader(new Uint8Array(TAR_BLOCK)), null));

test('content is padded to whole blocks', () =>
  assert.deepEqual([0, 1, 511, 512, 513].map(tarPadding), [0, 511, 1, 0, 511]));

test('a path that does not fit is refused', () =>
  assert.throws(
    () => tarHeader({ path: 'x'.repeat(101), size: 1 }),
    (e: unknown) => e instanceof AppError && e.code === 'unsupported',
  ));

const isCorrupt = (e: unknown): boolean => e instanceof AppError && e.code === 'corrupt';

test('any changed byte is noticed', () => {
  const block = tarHeader({ path: 'abc', size: 77 });
  for (let i = 0; i < TAR_BLOCK; i++) {
    // What follows the digits of the checksum is not looked at.
    if (i === 154 || i === 155) continue;
    const changed = block.slice();
    changed[i] ^= 1;
    assert.throws(() => parseTarHeader(changed), isCorrupt, `byte ${i}`);
  }
});

test('links and folders are no entries of a backup', () => {
  for (const type of ['1', '2', '5', 'x']) {
    const block = tarHeader({ path: 'abc', size: 0 });
    const sum = block.reduce((n, byte, i) => n + (i >= 148 && i < 156 ? 32 : byte), 0);
    const changed = block.slice();
    changed[156] = type.charCodeAt(0);
    const text = (sum - '0'.charCodeAt(0) + type.charCodeAt(0)).toString(8).padStart(6, '0');
    changed.set(new TextEncoder().encode(text), 148);
    assert.throws(() => parseTarHeader(changed), isCorrupt, type);
  }
});
