// Wilson's interval against values of published tables (95 %).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wilsonInterval } from '../../../src/core/metrics/wilson.ts';

for (const [hits, trials, low, high] of [
  [0, 10, 0, 0.2775],
  [4, 8, 0.2152, 0.7848],
  [9, 10, 0.5958, 0.9821],
  [50, 100, 0.4038, 0.5962],
] as const) {
  test(`${hits} of ${trials}`, () => {
    const found = wilsonInterval(hits, trials);
    assert.ok(Math.abs(found.low - low) < 6e-5 && Math.abs(found.high - high) < 6e-5, JSON.stringify(found));
    const other = wilsonInterval(trials - hits, trials);
    assert.ok(Math.abs(other.low - (1 - found.high)) < 1e-12);
  });
}

test('nothing tried has no interval', () => {
  assert.throws(() => wilsonInterval(0, 0));
  assert.throws(() => wilsonInterval(3, 2));
});
