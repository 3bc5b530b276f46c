// Every mask is covered by windows that lie in the picture where they can, whatever its size and shape.

import assert from 'node:assert/strict';
import test from 'node:test';
import { orMasks } from '../../../../src/core/image/mask-ops.ts';
import type { Mask } from '../../../../src/core/image/raster.ts';
import { emptyMask, maskArea, maskBounds } from '../../../../src/core/image/raster.ts';
import { planWindows, windowInput } from '../../../../src/core/recipes/windows/window-plan.ts';
import { fixedScale } from '../../../../src/core/recipes/windows/working-scale.ts';
import { boxMask, discMask, surface } from './scene.ts';

function check(mask: Mask, scale: number) {
  const windows = planWindows(mask, fixedScale(scale, 128));
  let all = emptyMask(mask.width, mask.height);
  for (const { rect, part } of windows) {
    all = orMasks(all, part);
    const b = maskBounds(part)!;
    assert.ok(b.x >= rect.x && b.y >= rect.y, 'part lies in its window');
    assert.ok(b.x + b.width <= rect.x + rect.width && b.y + b.height <= rect.y + rect.height);
    assert.equal(rect.width, rect.height);
    if (mask.width >= rect.width) assert.ok(rect.x >= 0 && rect.x + rect.width <= mask.width);
    if (mask.height >= rect.height) assert.ok(rect.y >= 0 && rect.y + rect.height <= mask.height);
  }
  assert.deepEqual(all, mask);
  return windows;
}

test('one mark, one window, kept inside the picture', () => {
  assert.deepEqual(check(discMask(400, 300, 10, 290, 9), 1)[0].rect, {
    x: 0,
    y: 172,
    width: 128,
    height: 128,
  });
  assert.equal(check(discMask(400, 300, 200, 150, 30), 0.5)[0].rect.width, 256);
});

test('near marks share a window, far ones do not', () => {
  const two = orMasks(discMask(600, 600, 100, 100, 8), discMask(600, 600, 170, 120, 8));
  assert.equal(check(two, 1).length, 1);
  assert.equal(check(orMasks(two, discMask(600, 600, 500, 500, 8)), 1).length, 2);
});

test('a mark larger than the window gets a coarser one', () => {
  const windows = check(discMask(900, 900, 450, 450, 200), 1);
  assert.equal(windows.length, 1);
  assert.ok(windows[0].rect.width > 400 && windows[0].rect.width < 520);
});

test('a long thin scratch gets overlapping windows at the product scale', () => {
  const mask = emptyMask(1200, 900);
  for (let t = 0; t < 1000; t++) {
    mask.data[Math.floor(50 + t * 0.7) * 1200 + 60 + t] = 1;
  }
  const windows = check(mask, 1);
  assert.ok(windows.length >= 8 && windows.length < 30, `${windows.length}`);
  assert.ok(windows.every((w) => w.rect.width === 128));
});

test('pictures smaller than a window are centred and padded by reflection', () => {
  const [window] = check(discMask(60, 40, 30, 20, 8), 1);
  assert.deepEqual(window.rect, { x: -34, y: -44, width: 128, height: 128 });
  const input = windowInput(surface(60, 40), window, 128);
  assert.deepEqual([input.image.width, input.image.channels], [128, 3]);
  assert.equal(maskArea(input.mask), maskArea(window.part));
  assert.ok(maskArea(input.hole) > maskArea(input.mask));
});

test('a mask over the whole picture works', () => {
  assert.equal(check(boxMask(300, 200, 0, 0, 300, 200), 1).length, 1);
});
