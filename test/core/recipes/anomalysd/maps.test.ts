// AnomalySD's pure parts: holes tile the window, maps combine as written, thresholds hold their rate, windows cover.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../../src/core/base/errors.ts';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import { emptyMask, type Mask, maskArea } from '../../../../src/core/image/raster.ts';
import { featureDifferences, featureMap } from '../../../../src/core/recipes/anomalysd/feature-distance.ts';
import { cellHoles, checkerboardHoles, trainingHole } from '../../../../src/core/recipes/anomalysd/holes.ts';
import {
  addInHole,
  combineMaps,
  harmonicMean,
  imageScore,
  scoreThreshold,
} from '../../../../src/core/recipes/anomalysd/maps.ts';
import { nearestDistance, thinned } from '../../../../src/core/recipes/anomalysd/prototypes.ts';
import { ANOMALYSD_DEFAULTS, anomalySdSettings } from '../../../../src/core/recipes/anomalysd/settings.ts';
import { coveringWindows, windowSide } from '../../../../src/core/recipes/anomalysd/windows.ts';

const SETTINGS = ANOMALYSD_DEFAULTS.window;

const countAt = (holes: readonly Mask[], i: number) => holes.reduce((n, hole) => n + hole.data[i], 0);

test('the cells of a grid and the halves of a checkerboard cover every pixel once', () => {
  for (const k of [1, 2, 3, 8]) {
    for (const holes of [cellHoles(24, k), checkerboardHoles(24, k)]) {
      for (let i = 0; i < 24 * 24; i++) assert.equal(countAt(holes, i), 1);
    }
    assert.equal(cellHoles(24, k).length, k * k);
  }
  assert.equal(checkerboardHoles(24, 4).length, 2);
});

test('a training hole is on the product, and never empty', () => {
  const product = emptyMask(32, 32);
  for (let y = 8; y < 24; y++) product.data.fill(1, y * 32 + 8, y * 32 + 24);
  for (let i = 0; i < 40; i++) {
    const hole = trainingHole(32, product, [2, 4], SETTINGS, namedRng(1, `hole ${i}`));
    assert.ok(maskArea(hole) > 0);
    const outside = hole.data.filter((v, at) => v === 1 && product.data[at] === 0).length;
    assert.ok(outside === 0 || maskArea(hole) === outside, 'cut to the product unless nothing is left');
  }
  for (let i = 0; i < 40; i++) {
    const rectangles = { ...SETTINGS, rectangleShare: 1 };
    const share = maskArea(trainingHole(32, null, [2], rectangles, namedRng(2, `r ${i}`))) / 32 ** 2;
    assert.ok(share > 0 && share <= SETTINGS.holeMost + 0.16, `a share of ${share}`);
  }
});

test('the harmonic mean is high only where every scale is', () => {
  const a = Float32Array.of(4, 4, 0);
  const b = Float32Array.of(4, 0, 0);
  const mean = harmonicMean([a, b], 1e-6);
  assert.ok(Math.abs(mean[0] - 4) < 1e-3);
  assert.ok(mean[1] < 1e-4 && mean[2] < 1e-4);
  assert.deepEqual([...combineMaps(Float32Array.of(1), Float32Array.of(3), 0.25)], [1.5]);
  const map = new Float32Array(4);
  addInHole(map, Float32Array.of(1, 2, 3, 4), { width: 2, height: 2, data: Uint8Array.of(0, 1, 0, 1) });
  assert.deepEqual([...map], [0, 2, 0, 4]);
});

test('the score is the blurred maximum on the product', () => {
  const map = new Float32Array(64);
  map[9] = 1;
  assert.equal(imageScore(map, 8, 8, 0), 1);
  assert.ok(imageScore(map, 8, 8, 1) < 0.5);
  const elsewhere = { width: 8, height: 8, data: new Uint8Array(64).fill(1, 32) };
  assert.ok(imageScore(map, 8, 8, 0, elsewhere) === 0);
});

test('a threshold holds its false-alarm rate, or says that it cannot', () => {
  const good = Array.from({ length: 99 }, (_, i) => i);
  assert.deepEqual(scoreThreshold(good, 0.1), { value: 89, supported: true });
  assert.deepEqual(scoreThreshold(good, 0.01), { value: 98, supported: true });
  assert.deepEqual(scoreThreshold([3, 1, 2], 0.01), { value: 3, supported: false });
  assert.deepEqual(scoreThreshold([], 0.01), { value: null, supported: false });
});

test('windows cover a picture, overlap, and shrink to one where it fits', () => {
  const seen = new Uint8Array(100 * 70);
  const rects = coveringWindows({ width: 100, height: 70 }, 40, 0.125);
  for (const { x, y, width, height } of rects) {
    assert.ok(x >= 0 && y >= 0 && x + width <= 100 && y + height <= 70);
    for (let row = y; row < y + height; row++) seen.fill(1, row * 100 + x, row * 100 + x + width);
  }
  assert.ok(!seen.includes(0));
  assert.deepEqual(coveringWindows({ width: 20, height: 20 }, 40, 0.125), [
    { x: -10, y: -10, width: 40, height: 40 },
  ]);
  assert.equal(windowSide([{ width: 128, height: 128 }], 128), 128);
  assert.equal(windowSide([{ width: 1500, height: 900 }], 128), 300);
});

test('features: equal pictures differ by nothing, a patch of the bank is at distance 0', () => {
  const b = new Builder();
  const x = b.input('x', [1, 3, 4, 4]);
  const y = b.input('y', [1, 3, 4, 4]);
  const map = featureMap(b, featureDifferences(b, [x], [y]), 8);
  const patches = b.input('p', [2, 2]);
  const near = nearestDistance(b, patches, b.input('bank', [2, 2]));
  const rng = namedRng(0, 'features');
  const one = rng.fillNormal(new Float32Array(48));
  const feeds = {
    x: one,
    y: one.map((v, i) => (i % 16 === 0 ? -v : v)),
    p: Float32Array.of(1, 0, 0, 1),
    bank: Float32Array.of(1, 0, -1, 0),
  };
  const values = interpret({ outputs: { map, near } }, feeds);
  const out = { map: values.map.data, near: values.near.data };
  assert.ok(Math.abs(out.map[0] - 4) < 1e-4, 'opposite vectors are 2 apart, squared 4');
  assert.ok(out.map[63] < 1e-9);
  assert.ok(out.near[0] < 1e-5 && Math.abs(out.near[1] - Math.SQRT2) < 1e-6);
});

test('prototypes are thinned without repeats', () => {
  const rows = Float32Array.from({ length: 20 }, (_, i) => i);
  const few = thinned(rows, 2, 4, namedRng(0, 'thin'));
  assert.equal(few.length, 8);
  assert.equal(new Set(few.filter((_, i) => i % 2 === 0)).size, 4);
  assert.equal(thinned(rows, 2, 10, namedRng(0, 'thin')), rows);
});

test('settings: unknown names, kinds and ranges are refused with the known ones', () => {
  const refused = (given: Record<string, string | number | boolean>, text: RegExp) =>
    assert.throws(
      () => anomalySdSettings(SETTINGS, given),
      (e) => e instanceof AppError && e.code === 'usage' && text.test(`${e.message} ${e.details.hint}`),
    );
  refused({ lamda: 1 }, /no setting "lamda".*lambda/);
  refused({ lambda: 2 }, /from 0.02 to 1/);
  refused({ turns: 'maybe' }, /boolean/);
  refused({ against: 'nothing' }, /picture, reconstruction/);
  refused({ scalesFast: '2,x' }, /whole numbers/);
  assert.equal(anomalySdSettings(SETTINGS, { lambda: '0.5', turns: 'false' }).lambda, 0.5);
});
