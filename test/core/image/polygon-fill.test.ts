// Filling outlines: against a point-in-polygon test per pixel centre, and the cases that go wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { addBox, addCircle, addLine, addPolygon, fillPolygon } from '../../../src/core/image/polygon-fill.ts';
import { emptyMask, maskArea } from '../../../src/core/image/raster.ts';

/** Even-odd rule by casting a ray to the right, straight from its definition. */
function inside(rings: readonly (readonly number[])[], x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[j], ring[j + 1]];
      if (ay <= y !== by <= y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) odd = !odd;
    }
  }
  return odd;
}

test('random outlines, also crossing ones and with holes, equal the definition in every pixel', () => {
  const rng = namedRng(1, 'outlines');
  for (let round = 0; round < 40; round++) {
    const rings = Array.from({ length: 1 + (round % 3) }, () =>
      Array.from({ length: 2 * (3 + (round % 7)) }, () => rng.uniform() * 50 - 8.123),
    );
    const mask = fillPolygon(rings, 33, 27);
    for (let i = 0; i < mask.data.length; i++) {
      const [x, y] = [(i % 33) + 0.5, Math.floor(i / 33) + 0.5];
      assert.equal(mask.data[i], inside(rings, x, y) ? 1 : 0, `round ${round}, pixel ${i}`);
    }
  }
});

test('outlines that share an edge neither overlap nor leave a gap', () => {
  const left = fillPolygon([[0, 0, 7.5, 0, 3.25, 10, 0, 10]], 12, 10);
  const right = fillPolygon([[7.5, 0, 12, 0, 12, 10, 3.25, 10]], 12, 10);
  assert.ok(left.data.every((v, i) => v + right.data[i] === 1));
});

test('a bow tie crosses itself, a hole and a plain outline do not', () => {
  const crossed = (rings: number[][]): boolean => addPolygon(emptyMask(40, 40), rings).crossed;
  assert.equal(crossed([[10, 10, 30, 30, 30, 10, 10, 30]]), true);
  assert.equal(crossed([[10, 10, 30, 10, 30, 30, 10, 30]]), false);
  assert.equal(crossed([[10, 10, 10, 30, 30, 30, 30, 10]]), false);
  const holed = [
    [10, 10, 30, 10, 30, 30, 10, 30],
    [15, 15, 20, 15, 20, 20, 15, 20],
  ];
  assert.equal(crossed(holed), false);
  assert.equal(maskArea(fillPolygon(holed, 40, 40)), 400 - 25);
});

test('boxes, circles and lines by pixel centres, cut at the border', () => {
  const box = emptyMask(10, 8);
  addBox(box, { x: -3, y: 2.4, width: 5.6, height: 2.2 });
  assert.equal(maskArea(box), 3 * 3);
  const circle = emptyMask(21, 21);
  addCircle(circle, { x: 10.5, y: 10.5, radius: 6.2 });
  const centres = Array.from({ length: 441 }, (_, i) => Math.hypot((i % 21) - 10, Math.floor(i / 21) - 10));
  assert.equal(maskArea(circle), centres.filter((d) => d <= 6.2).length);
  const line = emptyMask(40, 20);
  addLine(line, [5, 10, 30, 10], 4);
  assert.ok(maskArea(line) >= 25 * 4 && maskArea(line) <= 25 * 4 + 16);
  assert.equal(line.data[10 * 40 + 20], 1);
  assert.equal(line.data[14 * 40 + 20], 0);
});

test('an outline that would take forever is refused, a huge one is cut', () => {
  const ring = Array.from({ length: 80_000 }, (_, i) => (i % 4 < 2 ? -1e6 : 1e6) + (i % 2));
  assert.throws(() => fillPolygon([ring], 10, 10_000), AppError);
  assert.equal(maskArea(fillPolygon([[-1e7, -1e7, 1e7, -1e7, 1e7, 1e7, -1e7, 1e7]], 9, 5)), 45);
});
