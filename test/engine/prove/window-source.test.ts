// Training windows of the arms: the same good and real windows everywhere, a third real ones in mixed arms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import type { Mask, Raster } from '../../../src/core/image/raster.ts';
import type { DetectorWindow } from '../../../src/core/recipes/detector/window.ts';
import type { GeneratedCopy } from '../../../src/engine/prove/generated-file.ts';
import { readGenerated, writeGenerated } from '../../../src/engine/prove/generated-file.ts';
import type { ProofMaterial } from '../../../src/engine/prove/material.ts';
import { usable, windowSource } from '../../../src/engine/prove/window-source.ts';
import { copyDefect, copyGood, copyRatio } from '../../../src/engine/prove/working-copy.ts';

const SIDE = 32;

/** A picture of one grey level with a square mark. */
function picture(level: number, at = 20): { raster: Raster; mask: Mask } {
  const [width, height] = [64, 48];
  const data = new Uint8Array(3 * width * height).fill(level);
  const mask = new Uint8Array(width * height);
  for (let y = at; y < at + 6; y++) for (let x = at; x < at + 6; x++) mask[y * width + x] = 1;
  return { raster: { width, height, channels: 3, data }, mask: { width, height, data: mask } };
}

const material: ProofMaterial = {
  scale: { scale: 1, side: SIDE, white: 255 },
  shots: [{ ...picture(100), type: 'dent' }],
  goods: [{ raster: picture(10).raster }],
  validation: [],
  validatesOnShots: true,
};

const copy = (level: number, more: Partial<GeneratedCopy> = {}): GeneratedCopy => ({
  ...picture(level),
  type: 'dent',
  flags: [],
  agreement: 1,
  ...more,
});

const level = (window: DetectorWindow) => Math.round(255 * window.image[0]);
const streams = Array.from({ length: 300 }, (_, i) => namedRng(7, `window ${i}`));

async function defects(arm: Parameters<typeof windowSource>[0], copies: readonly GeneratedCopy[]) {
  const { defect } = windowSource(arm, material, copies);
  const out: DetectorWindow[] = [];
  for (const [i] of streams.entries()) out.push(await defect!(namedRng(7, `window ${i}`)));
  return out;
}

test('a third of the defect windows of a mixed arm is real: the one that real only has in its place', async () => {
  const real = await defects('real', []);
  assert.ok(real.every((w) => w.kind === 'real' && level(w) === 100 && w.mask.includes(1)));
  for (const [arm, kind] of [
    ['real+windows', 'generated'],
    ['real+paste', 'pasted'],
    ['real+procedural', 'procedural'],
  ] as const) {
    const mixed = await defects(arm, [copy(200)]);
    const share = mixed.filter((w) => w.kind === 'real').length / mixed.length;
    assert.ok(Math.abs(share - 1 / 3) < 0.08, `${arm}: ${share}`);
    mixed.forEach((window, i) => {
      if (window.kind === 'real') assert.deepEqual(window, real[i]);
      else assert.equal(window.kind, kind);
    });
  }
});

test('good windows do not depend on the arm', async () => {
  const good = (arm: Parameters<typeof windowSource>[0]) =>
    windowSource(arm, material, [copy(200)]).good(namedRng(1, 'good'));
  assert.deepEqual(await good('real'), await good('real+windows'));
});

test('pictures with a box for a mask are weak labels', async () => {
  const mixed = await defects('real+accepted', [copy(200), copy(220, { weak: true })]);
  const made = mixed.filter((w) => w.kind === 'generated');
  assert.ok(made.every((w) => (level(w) === 220) === (w.weak === true)));
  assert.ok(made.some((w) => w.weak) && made.some((w) => !w.weak));
});

test('flagged pictures are left out while enough are not', () => {
  const flagged = copy(1, { flags: ['contrast'] });
  assert.equal(usable([copy(2), flagged, flagged]).length, 1);
  assert.equal(usable([copy(2), flagged, flagged, flagged, flagged]).length, 5);
  assert.equal(usable([flagged]).length, 1);
});

test('copies hold what windows see, no finer, and come back from their file', () => {
  const { raster, mask } = picture(50, 30);
  const whole = copyDefect(raster, mask, material.scale)!;
  assert.deepEqual(whole, { raster, mask });
  const fine = { scale: 0.2, side: SIDE, white: 255 };
  const small = copyDefect(raster, mask, fine)!;
  assert.equal(copyRatio(fine), 0.25);
  assert.deepEqual([small.raster.width, small.raster.height], [16, 12]);
  assert.ok(small.mask.data.includes(1));
  assert.equal(copyDefect(raster, { ...mask, data: new Uint8Array(mask.data.length) }, fine), null);
  assert.equal(copyGood(raster, mask, fine).foreground!.width, 16);
  const deep: Raster = { ...raster, data: Uint16Array.from(raster.data, (v) => 257 * v) };
  const part = copyDefect(deep, mask, { scale: 1, side: 8, white: 65535 })!;
  assert.ok(part.raster.width < 64 && part.raster.data instanceof Uint16Array);
  const copies = [copy(9, { flags: ['area'], agreement: null }), { ...copy(3), ...part }];
  assert.deepEqual(readGenerated(writeGenerated(copies)), copies);
});
