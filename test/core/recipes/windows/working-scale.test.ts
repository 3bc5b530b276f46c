// The working scale follows the defects' sizes: large, tiny, thin, scattered, single, mixed types, small pictures.

import assert from 'node:assert/strict';
import test from 'node:test';
import { addMask, orMasks } from '../../../../src/core/image/mask-ops.ts';
import type { Mask } from '../../../../src/core/image/raster.ts';
import { emptyMask } from '../../../../src/core/image/raster.ts';
import { localGroups, neighbourhood } from '../../../../src/core/recipes/windows/groups.ts';
import { chooseWorkingScale } from '../../../../src/core/recipes/windows/working-scale.ts';
import { boxMask, discMask } from './scene.ts';

const choose = (...masks: Mask[]) =>
  chooseWorkingScale(
    masks.map((mask) => ({ mask, type: 'a' })),
    128,
  );

test('a typical defect covers between a quarter and half of the window', () => {
  for (const r of [50, 80, 120, 200]) {
    const c = choose(discMask(1000, 1000, 500, 500, r));
    assert.ok(c.fill > 0.25 && c.fill < 0.5, `${r}: fill ${c.fill}`);
    assert.ok(c.windowPx > 2 * r + 8);
    assert.equal(c.scale, 128 / c.windowPx);
    assert.equal(c.reason, 'fill');
  }
});

test('the choice scales with the resolution of the photos', () => {
  const small = choose(discMask(500, 500, 250, 250, 60));
  const large = choose(discMask(1500, 1500, 750, 750, 180));
  assert.ok(Math.abs(small.scale / large.scale / 3 - 1) < 0.02);
});

test('small defects are seen at native pixels, tiny ones enlarged, within bounds', () => {
  assert.equal(choose(discMask(512, 512, 200, 200, 10)).scale, 1);
  assert.equal(choose(boxMask(512, 512, 200, 200, 2, 2)).scale.toFixed(2), '2.98');
  const dot = choose(boxMask(512, 512, 200, 200, 1, 1));
  assert.deepEqual([dot.scale, dot.reason], [4, 'tiny']);
});

test('scattered specks count one by one, not as the box around them all', () => {
  const mask = emptyMask(600, 600);
  for (let k = 0; k < 12; k++) addMask(mask, discMask(18, 18, 9, 9, 9), 20 + 46 * k, 30 + ((k * 397) % 520));
  assert.equal(localGroups(mask).length, 12);
  assert.equal(choose(mask).scale, 1);
});

test('droplets near a splash belong to it, far specks do not', () => {
  let mask = discMask(800, 800, 300, 300, 60);
  mask = orMasks(mask, discMask(800, 800, 385, 300, 8));
  mask = orMasks(mask, discMask(800, 800, 700, 700, 6));
  const groups = localGroups(mask);
  assert.deepEqual(
    groups.map((g) => g.parts),
    [2, 1],
  );
  assert.equal(neighbourhood(groups, groups[0], 200).parts, 2);
  assert.equal(neighbourhood(groups, groups[0], 700).parts, 3);
});

test('a long scratch keeps its width visible: finer than its length alone asks for', () => {
  const thin = choose(boxMask(2000, 2000, 200, 1000, 1500, 1));
  assert.deepEqual([thin.scale, thin.reason], [1, 'thin']);
  const thick = choose(boxMask(2000, 2000, 200, 1000, 1500, 60));
  assert.ok(thick.scale < 0.12 && thick.windowPx >= 1500);
});

test('types count equally and the smallest stays visible', () => {
  const large = Array.from({ length: 8 }, () => ({
    mask: discMask(1200, 1200, 600, 600, 300),
    type: 'stain',
  }));
  const alone = chooseWorkingScale(large, 128);
  const mixed = chooseWorkingScale([...large, { mask: boxMask(600, 600, 5, 5, 10, 10), type: 'pit' }], 128);
  assert.ok(alone.scale < 0.25);
  assert.ok(mixed.scale * mixed.typicalByType.pit >= 6 - 1e-6);
});

test('pictures smaller than the window, and a defect as large as the picture', () => {
  const small = choose(discMask(60, 40, 30, 20, 12));
  assert.equal(small.scale, 1);
  const whole = choose(boxMask(300, 300, 0, 0, 300, 300));
  assert.equal(whole.windowPx, 300);
});
