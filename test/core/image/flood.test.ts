// Flood fills by colour and of holes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { floodSimilar, holeAt } from '../../../src/core/image/flood.ts';
import { emptyMask, type Mask } from '../../../src/core/image/raster.ts';

/** '#' is set. */
function drawn(rows: string[]): Mask {
  const mask = emptyMask(rows[0].length, rows.length);
  rows.forEach((row, y) => {
    [...row].forEach((c, x) => {
      mask.data[y * mask.width + x] = c === '#' ? 1 : 0;
    });
  });
  return mask;
}

const shown = ({ mask }: { mask: Mask }): string[] =>
  Array.from({ length: mask.height }, (_, y) =>
    Array.from({ length: mask.width }, (_, x) => (mask.data[y * mask.width + x] ? '#' : '.')).join(''),
  );

function greyPicture(values: number[][]) {
  const height = values.length;
  const width = values[0].length;
  return { width, height, rgba: Uint8Array.from(values.flat().flatMap((v) => [v, v, v, 255])) };
}

test('pixels of like colour that are joined, and no others', () => {
  const picture = greyPicture([
    [10, 10, 90, 10],
    [10, 12, 90, 10],
    [90, 90, 90, 10],
  ]);
  const patch = floodSimilar(picture, 0, 0, 5)!;
  assert.deepEqual([patch.x, patch.y, shown(patch)], [0, 0, ['##', '##']]);
  assert.equal(shown(floodSimilar(picture, 0, 0, 255)!).join(''), '#'.repeat(12));
  assert.equal(floodSimilar(picture, 4, 0, 5), null);
});

test('a hole is filled with what reaches no border', () => {
  const ring = drawn(['.....', '.###.', '.#.#.', '.###.', '.....']);
  const hole = holeAt(ring, 2, 2)!;
  assert.deepEqual([hole.x, hole.y, shown(hole)], [2, 2, ['#']]);
  assert.equal(holeAt(ring, 0, 0), null);
  assert.equal(holeAt(ring, 1, 1), null, 'not in a hole');
});

test('the fill finds what a plain search finds', () => {
  const rng = namedRng(4, 'floods');
  for (let n = 0; n < 50; n++) {
    const [width, height] = [2 + rng.int(20), 2 + rng.int(20)];
    const values = Array.from({ length: height }, () => Array.from({ length: width }, () => 60 * rng.int(2)));
    const [x, y] = [rng.int(width), rng.int(height)];
    const picture = greyPicture(values);
    const patch = floodSimilar(picture, x, y, 59.9)!;
    const mean = meanOf(values, x, y);
    const fits = (px: number, py: number): boolean => Math.abs((values[py]?.[px] ?? 1e9) - mean) <= 59.9;
    const expected = new Set([`${x},${y}`]);
    const queue = [[x, y]];
    for (const [px, py] of queue) {
      for (const [qx, qy] of [
        [px - 1, py],
        [px + 1, py],
        [px, py - 1],
        [px, py + 1],
      ]) {
        if (expected.has(`${qx},${qy}`) || !fits(qx, qy)) continue;
        expected.add(`${qx},${qy}`);
        queue.push([qx, qy]);
      }
    }
    const found = new Set<string>();
    for (let i = 0; i < patch.mask.data.length; i++) {
      if (patch.mask.data[i] === 0) continue;
      found.add(`${patch.x + (i % patch.mask.width)},${patch.y + Math.floor(i / patch.mask.width)}`);
    }
    assert.deepEqual([...found].sort(), [...expected].sort());
  }
});

function meanOf(values: number[][], x: number, y: number): number {
  let [sum, n] = [0, 0];
  for (let py = y - 1; py <= y + 1; py++) {
    for (let px = x - 1; px <= x + 1; px++) {
      const v = values[py]?.[px];
      if (v === undefined) continue;
      sum += v;
      n++;
    }
  }
  return sum / n;
}
