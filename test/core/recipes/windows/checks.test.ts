// The checks accept a plausible defect and flag each way of being wrong with its reason.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Mask, Raster } from '../../../../src/core/image/raster.ts';
import { emptyMask } from '../../../../src/core/image/raster.ts';
import { copyRaster } from '../../../../src/core/image/window-crop.ts';
import { checkPicture, realStats } from '../../../../src/core/recipes/windows/checks.ts';
import { markThumb, nearestShot } from '../../../../src/core/recipes/windows/nearest.ts';
import { boxMask, discMask, paint, shot, surface } from './scene.ts';

const DARK = [40, 45, 38];
const SHOTS = [12, 14, 11].map((r, i) =>
  shot(surface(160, 160, [120, 130, 110], 3, i), discMask(160, 160, 70, 80, r), DARK),
);
const REAL = realStats(SHOTS, [null, null, null]);

function codes(mask: Mask, change: (out: Raster) => void): string[] {
  const source = surface(160, 160, [120, 130, 110], 3, 9);
  const result = copyRaster(source);
  change(result);
  const { checks, flags } = checkPicture({ source, result, mask, real: REAL, foreground: null });
  for (const f of flags) assert.ok(f.reason.length > 10);
  assert.equal(checks.grownBy, 4);
  return flags.map((f) => f.code);
}

const MASK = discMask(160, 160, 90, 60, 12);

test('a mark like the real ones passes with its numbers', () => {
  assert.ok(Math.abs(REAL.contrast * 255 - 79) < 3);
  assert.ok(Math.abs(REAL.medianArea - Math.PI * 144) < 20);
  const source = surface(160, 160, [120, 130, 110], 3, 9);
  const result = paint(copyRaster(source), MASK, DARK);
  const { checks, flags } = checkPicture({ source, result, mask: MASK, real: REAL, foreground: null });
  assert.deepEqual(flags, []);
  assert.deepEqual([checks.outsideChanged, checks.rimChanged], [0, 0]);
  assert.ok(checks.agreement > 0.99 && checks.contrastRatio > 0.9 && checks.contrastRatio < 1.1);
  assert.ok(checks.contrastBefore < 0.01 && checks.threshold >= 6 / 255);
});

test('each fault is flagged', () => {
  assert.deepEqual(
    codes(MASK, (out) => paint(paint(out, MASK, DARK), boxMask(160, 160, 3, 3, 2, 2), [0, 0, 0])),
    ['outside'],
  );
  const small = discMask(160, 160, 90, 60, 5);
  assert.deepEqual(
    codes(small, (out) => paint(out, small, DARK)),
    ['area'],
  );
  const large = discMask(160, 160, 90, 60, 30);
  assert.deepEqual(
    codes(large, (out) => paint(out, large, DARK)),
    ['area'],
  );
  assert.deepEqual(
    codes(MASK, (out) => paint(out, MASK, [95, 105, 88])),
    ['contrast'],
  );
  assert.deepEqual(
    codes(MASK, () => undefined),
    ['agreement', 'contrast'],
  );
  // Half of the mask stays as it was: the mean may pass, the agreement does not.
  assert.ok(
    codes(MASK, (out) => paint(out, boxMask(160, 160, 78, 48, 12, 25), [0, 0, 0])).includes('agreement'),
  );
});

test('changes in the blended rim are counted, not flagged', () => {
  const source = surface(160, 160, [120, 130, 110], 3, 9);
  const result = paint(copyRaster(source), discMask(160, 160, 90, 60, 14), DARK);
  const { checks, flags } = checkPicture({ source, result, mask: MASK, real: REAL, foreground: null });
  assert.ok(checks.rimChanged > 100);
  assert.equal(checks.outsideChanged, 0);
  assert.deepEqual(flags, []);
});

test('noise of the surface is not a visible change', () => {
  const source = surface(160, 160, [120, 130, 110], 12, 1);
  const other = surface(160, 160, [120, 130, 110], 12, 2);
  const result = copyRaster(source);
  for (let i = 0; i < MASK.data.length; i++) {
    if (MASK.data[i] !== 0) result.data.set(other.data.subarray(i * 3, i * 3 + 3), i * 3);
  }
  const { checks } = checkPicture({ source, result, mask: MASK, real: REAL, foreground: null });
  assert.ok(checks.agreement < 0.3, `${checks.agreement}`);
});

test('any area may be asked for, and an empty mask does not crash', () => {
  const source = surface(160, 160);
  const input = { source, result: source, mask: emptyMask(160, 160), real: REAL, foreground: null };
  assert.ok(checkPicture(input).flags.some((f) => f.code === 'area'));
  assert.ok(!checkPicture({ ...input, areaRange: null }).flags.some((f) => f.code === 'area'));
});

test('the nearest real shot is found under turns and mirrors', () => {
  const marks = [
    [boxMask(160, 160, 60, 70, 40, 10), DARK],
    [discMask(160, 160, 80, 80, 15), DARK],
    [boxMask(160, 160, 60, 70, 40, 10), [220, 30, 30]],
  ] as const;
  const thumbs = marks.map(([mask, colour], i) =>
    markThumb(paint(surface(160, 160, [120, 130, 110], 3, i), mask, colour), mask),
  );
  const upright = boxMask(160, 160, 30, 30, 11, 42);
  const made = markThumb(paint(surface(160, 160, [120, 130, 110], 3, 7), upright, [225, 35, 28]), upright)!;
  const nearest = nearestShot(made, thumbs)!;
  assert.equal(nearest.index, 2);
  assert.ok(nearest.distance < 0.1);
  assert.equal(nearestShot(made, [null]), null);
  assert.equal(markThumb(surface(20, 20), emptyMask(20, 20)), null);
});
