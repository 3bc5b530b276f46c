// COCO run lengths: against pycocotools' strings in the fixtures, and against damaged input.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CocoRle } from '../../../src/core/formats/coco-rle.ts';
import {
  compressCounts,
  countsToMask,
  decompressCounts,
  maskToCounts,
  maskToRle,
  rleToMask,
} from '../../../src/core/formats/coco-rle.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { maskArea, maskBounds } from '../../../src/core/image/raster.ts';
import { shared, skipWithout } from '../../engine/imaging/make-pictures.ts';

const fixtures = shared('fixtures/formats');

test('runs go down the columns and start with background', () => {
  const mask: Mask = { width: 3, height: 2, data: Uint8Array.of(1, 0, 1, 1, 1, 0) };
  assert.deepEqual(maskToCounts(mask), [0, 2, 1, 2, 1]);
  assert.deepEqual(countsToMask([0, 2, 1, 2, 1], 3, 2), mask);
});

test('masks survive the compressed form', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const data = Uint8Array.from({ length: 61 * 37 }, (_, i) =>
      ((i * 2654435761 * seed) >>> 7) % 11 < seed ? 1 : 0,
    );
    const mask = { width: 61, height: 37, data };
    assert.deepEqual(rleToMask(maskToRle(mask), mask), mask);
  }
  const counts = [0, 1, 100_000, 3, 5, 70_000_000, 1];
  assert.deepEqual(decompressCounts(compressCounts(counts)), counts);
});

test('damaged run lengths are refused before anything is allocated', () => {
  const size = { width: 4, height: 4 };
  const refuse = (rle: CocoRle, message: RegExp) =>
    assert.throws(() => rleToMask(rle, size), { code: 'bad-mask', message });
  refuse({ size: [4, 4], counts: [3, 4] }, /cover 7 pixels of 16/);
  refuse({ size: [4, 4], counts: [3, 1e12] }, /cover/);
  refuse({ size: [4, 4], counts: [17, -1] }, /-1/);
  refuse({ size: [4, 4], counts: [Number.NaN, 16] }, /NaN/);
  refuse({ size: [4, 2], counts: [8] }, /2x4/);
  refuse({ size: [4, 4], counts: '0\u0001' }, /does not belong/);
  refuse({ size: [4, 4], counts: 'ooo' }, /end inside/);
  refuse({ size: [4, 4], counts: 'ooooooooooo0' }, /too large/);
});

test('the COCO files of the fixtures: both forms agree, strings are reproduced', {
  skip: skipWithout(fixtures),
}, () => {
  const read = (name: string) => JSON.parse(readFileSync(join(fixtures!, 'coco', name), 'utf8'));
  const compressed = read('annotations_compressed.json').annotations;
  const plain = read('annotations_uncompressed.json').annotations;
  assert.ok(compressed.length >= 9);
  for (const [i, annotation] of compressed.entries()) {
    const mask = rleToMask(annotation.segmentation, { width: 64, height: 48 });
    assert.deepEqual(rleToMask(plain[i].segmentation, mask), mask);
    assert.equal(maskArea(mask), annotation.area);
    const box = maskBounds(mask)!;
    assert.deepEqual([box.x, box.y, box.width, box.height], annotation.bbox);
    assert.deepEqual(maskToRle(mask), annotation.segmentation);
    assert.deepEqual(maskToCounts(mask), plain[i].segmentation.counts);
  }
});

test('the damaged RLE files of the fixtures are refused', { skip: skipWithout(fixtures) }, () => {
  for (const name of ['short', 'long', 'negative', 'size_differs', 'bad_string']) {
    const { annotations } = JSON.parse(readFileSync(join(fixtures!, 'bad', `coco_rle_${name}.json`), 'utf8'));
    const segmentation = annotations[0].segmentation as CocoRle;
    assert.throws(() => rleToMask(segmentation, { width: 64, height: 48 }), { code: 'bad-mask' }, name);
  }
});
