// What a user may ask of new defects: a zone, several, fainter; and a corrected mask.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { fullMask } from '../../../../src/core/image/mask-ops.ts';
import { emptyMask, type Mask, maskArea, type Raster } from '../../../../src/core/image/raster.ts';
import { countChanges } from '../../../../src/core/recipes/windows/checks.ts';
import { shapeSource } from '../../../../src/core/recipes/windows/mask-source.ts';
import { placementMap } from '../../../../src/core/recipes/windows/place.ts';
import { REACHES_OVER, type Relation } from '../../../../src/core/recipes/windows/relation.ts';
import { keepInside } from '../../../../src/core/recipes/windows/repair.ts';
import { boxMask, restrictMap, scaledZone } from '../../../../src/core/recipes/windows/restrict-map.ts';
import { severalDefects } from '../../../../src/core/recipes/windows/several.ts';
import { shapesFromMasks } from '../../../../src/core/recipes/windows/shapes.ts';
import { withStrength } from '../../../../src/core/recipes/windows/strength.ts';
import { fixedScale } from '../../../../src/core/recipes/windows/working-scale.ts';

const [W, H] = [200, 160];
const box = (x: number, y: number, width: number, height: number): Mask =>
  boxMask({ x: x / W, y: y / H, width: width / W, height: height / H }, W, H);
const within = (mask: Mask, zone: Mask): boolean => mask.data.every((v, i) => v === 0 || zone.data[i] === 1);

/** Squares of 20 px, as large as that, at a place that the relation allows. */
function squares(relation?: Relation) {
  const shapes = shapesFromMasks([fullMask(20, 20)], relation);
  return shapeSource('test', shapes, { medianArea: 400, scale: fixedScale(1, 128, 20), noise: null });
}

test('a box in shares has at least one pixel and stays in the picture', () => {
  assert.equal(maskArea(box(20, 30, 50, 40)), 2000);
  assert.equal(maskArea(boxMask({ x: 1, y: 1, width: 0.001, height: 0.001 }, W, H)), 1);
  assert.equal(maskArea(boxMask({ x: 0, y: 0, width: 1, height: 1 }, W, H)), W * H);
});

test('a zone is scaled to other sizes, area and all', () => {
  const zone = box(20, 40, 100, 80);
  assert.equal(scaledZone(zone, W, H), zone);
  assert.equal(maskArea(scaledZone(zone, 2 * W, 2 * H)), 4 * maskArea(zone));
  assert.equal(maskArea(scaledZone(zone, W / 2, H / 2)), maskArea(zone) / 4);
});

test('new masks stay in the zone: on a surface, on an object, reaching over it, and in a tiny one', () => {
  const object = box(40, 30, 120, 100);
  const over: Relation = { touch: 0.3, opening: { x: 1, y: 0 }, depth: 0, over: REACHES_OVER };
  for (const [ground, zone, relation] of [
    [fullMask(W, H), box(100, 80, 60, 60), undefined],
    [object, box(0, 0, 90, 90), undefined],
    [object, box(130, 30, 70, 100), over],
    [fullMask(W, H), box(33, 77, 3, 2), undefined],
  ] as const) {
    const map = restrictMap(placementMap(ground), zone, { exact: false });
    for (let i = 0; i < 4; i++) {
      const { mask } = squares(relation).make(map, namedRng(i, 'zone'));
      assert.ok(maskArea(mask) > 0 && within(mask, zone));
    }
  }
});

test('painted zones count beside the estimated product, a box only on it', () => {
  const object = box(0, 0, 60, 160);
  const zone = box(50, 60, 80, 60);
  const painted = restrictMap(placementMap(object), zone, { exact: true });
  const boxed = restrictMap(placementMap(object), zone, { exact: false });
  assert.deepEqual([maskArea(painted.foreground), maskArea(boxed.foreground)], [80 * 60, 10 * 60]);
  const off = restrictMap(placementMap(object), box(100, 0, 50, 50), { exact: false });
  assert.equal(maskArea(off.foreground), 2500);
  const empty = placementMap(object);
  assert.equal(restrictMap(empty, emptyMask(W, H), { exact: true }), empty);
});

test('several defects do not touch, and one is as it was', () => {
  const source = squares();
  assert.equal(severalDefects(source, 1), source);
  const map = placementMap(fullMask(W, H));
  const { mask, pieces, area } = severalDefects(source, 4).make(map, namedRng(1, 'several'));
  assert.ok(pieces.length >= 4 && area > 4 * 0.55 * 400, `${pieces.length} pieces of ${area} px`);
  assert.equal(area, maskArea(mask));
  assert.equal(
    pieces.reduce((sum, piece) => sum + maskArea(piece.mask), 0),
    area,
  );
});

const grey = (value: (i: number) => number): Raster => {
  const data = Uint8Array.from({ length: W * H }, (_, i) => value(i));
  return { width: W, height: H, channels: 1, data };
};

test('strength scales the change only and is clipped', () => {
  const source = grey(() => 100);
  const result = grey((i) => (i === 5 ? 160 : i === 6 ? 20 : 100));
  const at = (strength: number) => [...withStrength(source, result, strength).data.slice(4, 8)];
  assert.deepEqual(
    [at(1), at(0.5), at(2)],
    [
      [100, 160, 20, 100],
      [100, 130, 60, 100],
      [100, 220, 0, 100],
    ],
  );
});

test('a corrected mask gives the good picture back outside of its edit region', () => {
  const before = box(50, 50, 60, 20);
  const source = grey((i) => 90 + (i % 7));
  const made = grey((i) => (before.data[i] ? 200 : 90 + (i % 7)));
  const after = box(50, 50, 25, 20);
  const kept = keepInside(source, made, before, after);
  assert.equal(countChanges(source, kept, after).outside, 0);
  assert.ok(kept.data.every((v, i) => after.data[i] === 0 || v === made.data[i]));
  assert.deepEqual(keepInside(source, made, before, before).data, made.data);
});
