// Boxes of new defects: sides from the real ones, on the product, and around real marks in training.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { emptyMask, type Mask, maskBounds } from '../../../../src/core/image/raster.ts';
import {
  boxAround,
  boxSizes,
  coverage,
  randomBox,
  rectMask,
  scaledSizes,
} from '../../../../src/core/recipes/anogen/boxes.ts';
import { placementMap } from '../../../../src/core/recipes/windows/place.ts';

const PICTURE = { width: 120, height: 90 };
const marked = (x: number, y: number, width: number, height: number): Mask =>
  rectMask({ x, y, width, height }, PICTURE);

test('sides are those of the real boxes, less and more by the range', () => {
  const sizes = boxSizes([marked(10, 10, 10, 20), marked(40, 40, 30, 10)], 0.2);
  assert.deepEqual(sizes, { width: [8, 36], height: [8, 24] });
  assert.deepEqual(scaledSizes(sizes, 0.5), { width: [4, 18], height: [4, 12] });
});

test('a box lies in the picture and on the product', () => {
  const product = marked(30, 20, 60, 50);
  const map = placementMap(product);
  const sizes = { width: [10, 20], height: [10, 20] } as const;
  const places = new Set<string>();
  for (let i = 0; i < 60; i++) {
    const box = randomBox(sizes, map, 0.75, namedRng(5, `box ${i}`));
    assert.ok(box.x >= 0 && box.y >= 0);
    assert.ok(box.x + box.width <= PICTURE.width && box.y + box.height <= PICTURE.height);
    assert.ok(coverage(product, box) >= 0.75);
    places.add(`${box.x},${box.y}`);
  }
  assert.ok(places.size > 30);
});

test('a box larger than the product is the best that could be found, never more than the picture', () => {
  const map = placementMap(marked(50, 40, 8, 8));
  const box = randomBox({ width: [400, 500], height: [30, 30] }, map, 0.75, namedRng(5, 'large'));
  assert.deepEqual([box.width, box.height], [120, 30]);
});

test('a box around a mark holds it, with room that differs', () => {
  const mark = marked(50, 30, 12, 9);
  const widths = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const box = boxAround(mark, 0.5, namedRng(6, `around ${i}`));
    for (let p = 0; p < mark.data.length; p++) assert.ok(mark.data[p] <= box.data[p]);
    widths.add(maskBounds(box)!.width);
  }
  assert.ok(widths.size > 3);
  assert.equal(maskBounds(boxAround(emptyMask(8, 8), 0.5, namedRng(6, 'none'))), null);
});
