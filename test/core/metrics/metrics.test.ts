// Small metrics against hand-computed values.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iou } from '../../../src/core/metrics/iou.ts';
import { psnr } from '../../../src/core/metrics/psnr.ts';
import { median, quantile } from '../../../src/core/metrics/quantile.ts';

test('psnr: a tenth of the peak everywhere is 20 dB, equality is infinite', () => {
  assert.ok(Math.abs(psnr([0, 0.5], [0.1, 0.4]) - 20) < 1e-12);
  assert.ok(Math.abs(psnr([0, 100], [25.5, 125.5], 255) - 20) < 1e-12);
  assert.equal(psnr([1, 2], [1, 2]), Infinity);
});

test('iou: shared over covered, null when both are empty', () => {
  assert.equal(iou([1, 1, 0, 0], [0, 255, 255, 0]), 1 / 3);
  assert.equal(iou([1, 0], [0, 0]), 0);
  assert.equal(iou([0, 0], [0, 0]), null);
});

test('quantile: linear between neighbours (numpy.quantile)', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.25), 1.75);
  assert.equal(median([5, 1, 2]), 2);
  assert.equal(quantile([1, 9], 1), 9);
  assert.equal(quantile([], 0.5), null);
});
