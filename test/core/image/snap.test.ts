// Snapping to edges: a coarse outline comes to lie on the border of what it was drawn around.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyMask, type Mask } from '../../../src/core/image/raster.ts';
import { snapToEdges } from '../../../src/core/image/snap.ts';

const SIDE = 80;

function disc(radius: number, dx = 0): Mask {
  const mask = emptyMask(SIDE, SIDE);
  for (let i = 0; i < mask.data.length; i++) {
    const [x, y] = [(i % SIDE) - 40 - dx, Math.floor(i / SIDE) - 40];
    if (Math.hypot(x, y) <= radius) mask.data[i] = 1;
  }
  return mask;
}

function iou(a: Mask, b: Mask): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i] & b.data[i];
    either += a.data[i] | b.data[i];
  }
  return both / either;
}

test('an outline drawn too large, too small or aside moves to the edge', () => {
  const truth = disc(20);
  // A dark disc on bright ground with a fixed pattern instead of noise.
  const grey = truth.data.map((v, i) => (v ? 70 : 170) + ((i * 7919) % 11));
  for (const coarse of [disc(24), disc(17), disc(20, 3)]) {
    const before = iou(coarse, truth);
    const after = iou(snapToEdges(coarse, grey, 6), truth);
    assert.ok(after > 0.93 && after > before, `${before} became ${after}`);
  }
});

test('it moves by no more than the reach, and keeps single pixels', () => {
  const far = disc(38);
  const grey = disc(10).data.map((v) => (v ? 0 : 255));
  const snapped = snapToEdges(far, grey, 4);
  const inner = disc(33);
  assert.ok(inner.data.every((v, i) => v === 0 || snapped.data[i] === 1));
  const speck = emptyMask(SIDE, SIDE);
  speck.data[40 * SIDE + 40] = 1;
  const flat = new Uint8Array(SIDE * SIDE).fill(100);
  assert.equal(snapToEdges(speck, flat, 3).data[40 * SIDE + 40], 1);
});
