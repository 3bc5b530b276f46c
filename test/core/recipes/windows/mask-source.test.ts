// New masks lie where the real defects lie, keep their size, repeat with the seed and are never empty.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AppError } from '../../../../src/core/base/errors.ts';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { addMask, andMasks, orMasks, subtractMasks } from '../../../../src/core/image/mask-ops.ts';
import type { Mask } from '../../../../src/core/image/raster.ts';
import { emptyMask, maskArea } from '../../../../src/core/image/raster.ts';
import { fileSource, shapeSource } from '../../../../src/core/recipes/windows/mask-source.ts';
import { placementMap } from '../../../../src/core/recipes/windows/place.ts';
import { AT_EDGE, REACHES_OVER } from '../../../../src/core/recipes/windows/relation.ts';
import { medianMaskArea, realShapes, shapesFromMasks } from '../../../../src/core/recipes/windows/shapes.ts';
import { chooseWorkingScale } from '../../../../src/core/recipes/windows/working-scale.ts';
import { boxMask, discMask } from './scene.ts';

const OUTLINE = discMask(256, 256, 128, 128, 80);

function sourceOf(masks: readonly Mask[], foregrounds: readonly (Mask | null)[]) {
  const shots = masks.map((mask) => ({ mask, type: 'a' }));
  const scale = chooseWorkingScale(shots, 128);
  const shapes = realShapes(shots, foregrounds, scale);
  const medianArea = medianMaskArea(shots);
  return { shapes, medianArea, source: shapeSource('real', shapes, { medianArea, scale }) };
}

function onProduct(mask: Mask, product: Mask): number {
  return maskArea(andMasks(mask, product)) / maskArea(mask);
}

test('marks inside the product stay inside it and keep the area', () => {
  const { shapes, medianArea, source } = sourceOf(
    [discMask(256, 256, 110, 120, 12), boxMask(256, 256, 130, 140, 30, 9)],
    [OUTLINE, OUTLINE],
  );
  assert.ok(shapes.every((s) => s.relation.touch < AT_EDGE));
  const map = placementMap(discMask(300, 300, 170, 120, 75));
  for (let i = 0; i < 25; i++) {
    const made = source.make(map, namedRng(i, 'm'));
    assert.equal(onProduct(made.mask, map.foreground), 1);
    const ratio = made.area / medianArea;
    assert.ok(ratio >= 0.5 && ratio <= 2, `ratio ${ratio}`);
    assert.equal(made.area, maskArea(made.mask));
  }
});

test('the same seed gives the same mask, another one another', () => {
  const { source } = sourceOf([discMask(256, 256, 110, 120, 12)], [OUTLINE]);
  const map = placementMap(OUTLINE);
  assert.deepEqual(source.make(map, namedRng(3, 'm')).mask, source.make(map, namedRng(3, 'm')).mask);
  assert.notDeepEqual(source.make(map, namedRng(3, 'm')).mask, source.make(map, namedRng(4, 'm')).mask);
});

test('gaps at the edge open the edge again', () => {
  // A notch from the right edge inwards: in the shot it shows the ground, so the product has a bite there.
  const gap = andMasks(boxMask(256, 256, 160, 118, 60, 20), OUTLINE);
  const { shapes, source } = sourceOf([gap], [subtractMasks(OUTLINE, gap)]);
  assert.ok(shapes[0].relation.touch >= AT_EDGE);
  assert.ok(shapes[0].relation.opening!.x > 0.95);
  assert.ok(shapes[0].relation.over < REACHES_OVER);
  const good = discMask(256, 256, 120, 130, 85);
  const map = placementMap(good);
  for (let i = 0; i < 20; i++) {
    const { mask } = source.make(map, namedRng(i, 'gap'));
    assert.ok(onProduct(mask, map.overEdge) === 1 && onProduct(mask, good) > 0.5);
    const rest = subtractMasks(good, mask);
    // The bite starts at the edge: some of the mask lies on the outermost pixels of the product or beyond.
    const rim = subtractMasks(map.overEdge, discMask(256, 256, 120, 130, 82));
    assert.ok(maskArea(andMasks(mask, rim)) > 0, `seed ${i}`);
    assert.ok(maskArea(rest) < maskArea(good));
  }
});

test('burrs that reach over the outline are not cut', () => {
  const burr = subtractMasks(discMask(256, 256, 210, 128, 14), OUTLINE);
  const { shapes, medianArea, source } = sourceOf([burr], [orMasks(OUTLINE, burr)]);
  assert.ok(shapes[0].relation.over >= REACHES_OVER);
  const made = source.make(placementMap(OUTLINE), namedRng(1, 'burr'));
  assert.ok(made.area >= 0.5 * medianArea);
});

test('scattered specks: several pieces until the area is right', () => {
  const specks = emptyMask(500, 500);
  for (let k = 0; k < 20; k++) addMask(specks, discMask(8, 8, 4, 4, 4), 20 + 23 * k, 30 + ((k * 131) % 430));
  const { medianArea, source } = sourceOf([specks], [null]);
  const made = source.make(placementMap(boxMask(500, 500, 0, 0, 500, 500)), namedRng(1, 'specks'));
  assert.ok(made.pieces.length > 3);
  const ratio = made.area / medianArea;
  assert.ok(ratio >= 0.5 && ratio <= 2, `ratio ${ratio}`);
});

test('a product smaller than every shape still gets a mask on it', () => {
  const { source } = sourceOf([discMask(256, 256, 128, 128, 70)], [OUTLINE]);
  const tiny = discMask(256, 256, 60, 60, 5);
  const made = source.make(placementMap(tiny), namedRng(1, 'tiny'));
  assert.ok(made.area > 0);
  assert.equal(onProduct(made.mask, tiny), 1);
});

test('a picture smaller than the shape still gets a mask', () => {
  const { source } = sourceOf([discMask(256, 256, 128, 128, 60)], [null]);
  assert.ok(source.make(placementMap(boxMask(40, 30, 0, 0, 40, 30)), namedRng(1, 's')).area > 0);
});

test('masks from files are taken as they are; wrong size and empty ones are named', () => {
  const map = placementMap(OUTLINE);
  const mask = boxMask(256, 256, 3, 3, 50, 2);
  assert.equal(fileSource([{ mask, name: 'a.png' }]).make(map, namedRng(1, 'f')).mask, mask);
  for (const wrong of [emptyMask(256, 256), boxMask(10, 10, 1, 1, 2, 2)]) {
    assert.throws(
      () => fileSource([{ mask: wrong, name: 'b.png' }]).make(map, namedRng(1, 'f')),
      (e: unknown) => e instanceof AppError && e.code === 'bad-mask' && e.details.file === 'b.png',
    );
  }
});

test('shapes of a mask model go through the same placement', () => {
  const shapes = shapesFromMasks([discMask(64, 64, 30, 30, 10), emptyMask(64, 64)]);
  assert.equal(shapes.length, 1);
  const scale = chooseWorkingScale([{ mask: discMask(64, 64, 30, 30, 10), type: 'a' }], 128);
  const made = shapeSource('rmp', shapes, { medianArea: 314, scale }).make(
    placementMap(OUTLINE),
    namedRng(1, 'r'),
  );
  assert.equal(made.source, 'rmp');
  assert.equal(made.pieces[0].shape.shot, null);
  assert.equal(onProduct(made.mask, OUTLINE), 1);
});
