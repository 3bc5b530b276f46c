// Windows of detectors: drawn from pictures, turned together with their masks, put together again to a map.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { emptyMask, type Mask, type Raster } from '../../../../src/core/image/raster.ts';
import { augmented } from '../../../../src/core/recipes/detector/augment.ts';
import { coreset } from '../../../../src/core/recipes/detector/coreset.ts';
import { goodWindows, shotWindows } from '../../../../src/core/recipes/detector/shot-windows.ts';
import { MapMosaic, taper, tileStarts } from '../../../../src/core/recipes/detector/tiles.ts';

/** Black, with white pixels where the mask is. */
function marked(
  width: number,
  height: number,
  set: readonly [number, number][],
): { raster: Raster; mask: Mask } {
  const mask = emptyMask(width, height);
  const data = new Uint8Array(width * height * 3);
  for (const [x, y] of set) {
    mask.data[y * width + x] = 1;
    data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
  return { raster: { width, height, channels: 3, data }, mask };
}

const square = (x0: number, y0: number, side: number): [number, number][] =>
  Array.from({ length: side * side }, (_, i) => [x0 + (i % side), y0 + Math.floor(i / side)]);

test('every window of a shot shows its defect, with the mask where it is bright', () => {
  const picture = { ...marked(100, 60, square(70, 20, 9)), type: 'spot' };
  const draw = shotWindows([picture], { side: 32, scale: 1 });
  for (let i = 0; i < 20; i++) {
    const { image, mask, kind } = draw(namedRng(0, `${i}`));
    assert.equal(kind, 'real');
    assert.ok(mask.includes(1));
    let [inside, outside] = [0, 0];
    mask.forEach((m, k) => {
      if (m) inside += image[k];
      else outside += image[k];
    });
    const area = mask.reduce((n, m) => n + m, 0);
    assert.ok(inside / area > 0.8, `${inside / area}`);
    assert.ok(outside / (mask.length - area) < 0.05);
  }
});

test('types and pictures are drawn equally often, whatever their marks measure', () => {
  const big = { ...marked(64, 64, square(8, 8, 40)), type: 'big' };
  const small = { ...marked(64, 64, square(30, 30, 2)), type: 'small' };
  const draw = shotWindows([big, big, big, small], { side: 32, scale: 1 });
  let seen = 0;
  for (let i = 0; i < 200; i++) {
    const { mask } = draw(namedRng(1, `${i}`));
    if (mask.reduce((n, m) => n + m, 0) < 12) seen++;
  }
  assert.ok(seen > 70 && seen < 130, `${seen} of 200`);
});

test('pictures smaller than a window are mirrored, good ones have an empty mask', () => {
  const { raster } = marked(20, 12, square(0, 0, 3));
  const { image, mask } = goodWindows([{ raster }], { side: 32, scale: 1 })(namedRng(2, 'good'));
  assert.equal(image.length, 3 * 32 * 32);
  assert.ok(!mask.includes(1));
  assert.ok(image.every((v) => v >= 0 && v <= 1));
  assert.ok(image.some((v) => v > 0.5));
});

test('mask and clean window are turned with the picture', () => {
  const side = 16;
  const image = Float32Array.from({ length: 3 * side * side }, (_, i) => (i % 97) / 200 + 0.2);
  const mask = Uint8Array.from({ length: side * side }, (_, i) => (i === 37 || i === 38 ? 1 : 0));
  const clean = image.slice();
  for (const at of [37, 38]) image[at] = 0.9;
  const turns = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const turned = augmented({ kind: 'generated', image, mask, clean }, side, namedRng(3, `${i}`));
    const set = [...turned.mask.keys()].filter((k) => turned.mask[k] === 1);
    assert.equal(set.length, 2);
    turns.add(set[0]);
    for (let k = 0; k < side * side; k++) {
      const isMark = turned.mask[k] === 1;
      assert.equal(turned.image[k] !== turned.clean?.[k], isMark);
    }
  }
  assert.ok(turns.size > 4);
});

test('windows cover a side without gaps, at least overlapping as asked', () => {
  for (const length of [1, 31, 32, 33, 57, 100, 311]) {
    const starts = tileStarts(length, 32, 0.25);
    if (length <= 32) {
      assert.deepEqual(starts, [Math.floor((length - 32) / 2)]);
      continue;
    }
    assert.equal(starts[0], 0);
    assert.equal(starts[starts.length - 1], length - 32);
    for (let i = 1; i < starts.length; i++) assert.ok(starts[i] - starts[i - 1] <= 24 + 1);
  }
});

test('the map of a function of position is that function again, and equal windows leave no seams', () => {
  const [width, height, side] = [75, 40, 32];
  const mosaic = new MapMosaic(width, height, side, 0.25);
  const value = (x: number, y: number) => x + 100 * y;
  for (const y of tileStarts(height, side, 0.25))
    for (const x of tileStarts(width, side, 0.25))
      mosaic.add(
        Float32Array.from({ length: side * side }, (_, i) => value(x + (i % side), y + Math.floor(i / side))),
        x,
        y,
      );
  mosaic.map().forEach((v, i) => {
    assert.ok(Math.abs(v - value(i % width, Math.floor(i / width))) < 0.01);
  });
});

test('a window counts less towards its border, never nothing', () => {
  const weights = taper(32, 0.25);
  assert.equal(weights[16], 1);
  assert.ok(weights[0] > 0 && weights[0] < weights[1] && weights[1] < weights[4]);
  assert.deepEqual([...weights], [...weights].reverse());
});

test('a coreset takes one of every cluster before a second of any, and the same for the same stream', () => {
  const d = 40;
  const rng = namedRng(4, 'rows');
  const rows = new Float32Array(60 * d);
  for (let i = 0; i < 60; i++)
    for (let k = 0; k < d; k++) rows[i * d + k] = (k === i % 6 ? 50 : 0) + 0.1 * rng.normal();
  const chosen = coreset(rows, d, 6, namedRng(0, 'coreset'));
  assert.equal(new Set(chosen.map((i) => i % 6)).size, 6);
  assert.deepEqual(coreset(rows, d, 6, namedRng(0, 'coreset')), chosen);
  assert.deepEqual(coreset(rows.subarray(0, 3 * d), d, 6, namedRng(0, 'coreset')), [0, 1, 2]);
});
