// Outlines along pixel edges: filled by the pixel-centre rule they are the mask again, whatever it looks like.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { labelComponents } from '../../../src/core/image/components.ts';
import { traceContours } from '../../../src/core/image/contours.ts';
import { keyholeRing } from '../../../src/core/image/keyhole.ts';
import { fillPolygon } from '../../../src/core/image/polygon-fill.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { emptyMask } from '../../../src/core/image/raster.ts';

/** A mask from rows of `#` and other letters. */
function drawn(...rows: string[]): Mask {
  const data = Uint8Array.from(rows.join(''), (letter) => (letter === '#' ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

/** Twice the signed area: positive for clockwise rings (y down). */
function area(ring: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    sum += ring[i] * ring[j + 1] - ring[j] * ring[i + 1];
  }
  return sum;
}

/** All rings together, and the joined rings one after another, both give the mask. */
function assertExact(mask: Mask): void {
  const { width, height } = mask;
  const outlines = traceContours(mask);
  const rings = outlines.flatMap((o) => [o.outer, ...o.holes]);
  assert.deepEqual(fillPolygon(rings, width, height), mask);
  const { components } = labelComponents(mask);
  assert.equal(outlines.length, components.length);
  const joined = emptyMask(width, height);
  for (const [i, outline] of outlines.entries()) {
    assert.ok(area(outline.outer) > 0 && outline.holes.every((hole) => area(hole) < 0));
    const inside = [outline.outer, ...outline.holes].reduce((sum, ring) => sum + area(ring), 0);
    assert.equal(inside, 2 * components[i].area);
    const ring = keyholeRing(outline);
    assert.equal(area(ring), inside);
    const part = fillPolygon([ring], width, height);
    for (const [k, v] of part.data.entries()) {
      assert.ok(v === 0 || joined.data[k] === 0, 'components do not overlap');
      joined.data[k] |= v;
    }
  }
  assert.deepEqual(joined, mask);
}

test('a speck, a frame, nothing, everything', () => {
  const speck = drawn('...', '.#.', '...');
  assert.deepEqual(traceContours(speck), [{ outer: [1, 1, 2, 1, 2, 2, 1, 2], holes: [] }]);
  const frame = drawn('###', '#.#', '###');
  const [outline] = traceContours(frame);
  assert.deepEqual(outline.outer, [0, 0, 3, 0, 3, 3, 0, 3]);
  assert.deepEqual(outline.holes.length, 1);
  assert.equal(area(outline.holes[0]), -2);
  assert.deepEqual(traceContours(emptyMask(4, 3)), []);
  for (const mask of [speck, frame, drawn('##', '##'), drawn('#')]) assertExact(mask);
});

test('pixels that touch only at a corner are one object with one ring', () => {
  const stairs = drawn('#...', '.#..', '..#.', '.#..');
  const [outline, ...others] = traceContours(stairs);
  assert.deepEqual(others, []);
  assert.deepEqual(outline.holes, []);
  assertExact(stairs);
  assertExact(drawn('#.#', '.#.', '#.#'));
  const diamond = drawn('.#.', '#.#', '.#.');
  assert.equal(traceContours(diamond)[0].holes.length, 1);
  assertExact(diamond);
});

test('an object within the hole of another, holes beside and behind holes', () => {
  assertExact(drawn('#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######'));
  assertExact(drawn('##########', '#.#.#.##.#', '##########', '#.##.#.#.#', '#.##.####.', '##########'));
  // Two holes at one height hang on each other; two at different heights on one wall.
  assertExact(drawn('######', '#.#.##', '####.#', '##.###', '######'));
});

test('random masks, sparse to dense, touching every border', () => {
  const rng = namedRng(5, 'contours');
  for (let n = 0; n < 120; n++) {
    const width = 1 + (rng.uint32() % 24);
    const height = 1 + (rng.uint32() % 24);
    const share = (n % 12) / 12 + 0.04;
    const data = Uint8Array.from({ length: width * height }, () => (rng.uint32() / 2 ** 32 < share ? 1 : 0));
    assertExact({ width, height, data });
  }
});
