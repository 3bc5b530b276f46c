// Warm-up, cosine and the moving average at the steps where they are known.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emaDecay, updateEma, warmupCosine } from '../../../src/core/autodiff/rates.ts';

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`);

test('the rate climbs evenly to its peak, then follows half a cosine down to the floor', () => {
  const rate = (step: number) => warmupCosine(step, 110, 2, 10, 0.5);
  near(rate(0), 0.2);
  near(rate(4), 1);
  near(rate(9), 2);
  near(rate(10), 2);
  near(rate(35), 0.5 + 1.5 * 0.5 * (1 + Math.SQRT1_2));
  near(rate(60), 1.25);
  near(rate(110), 0.5);
  near(rate(500), 0.5);
  for (let step = 10; step < 110; step++) assert.ok(rate(step + 1) < rate(step), `step ${step}`);
});

test('without warm-up it starts at the peak; without a floor it ends at nothing', () => {
  near(warmupCosine(0, 40, 3), 3);
  near(warmupCosine(20, 40, 3), 1.5);
  near(warmupCosine(40, 40, 3), 0);
});

test('a run no longer than its warm-up never divides by zero', () => {
  near(warmupCosine(0, 2, 1, 4), 0.25);
  near(warmupCosine(4, 4, 1, 4), 1);
  near(warmupCosine(5, 4, 1, 4), 0);
});

test('the average forgets its start fast and later keeps to the ceiling', () => {
  near(emaDecay(0), 0.1);
  near(emaDecay(8), 0.5);
  near(emaDecay(90), 0.91);
  near(emaDecay(100_000), 0.999);
  near(emaDecay(90, 0.9), 0.9);
});

test('the average moves by its share, in place, and leaves the weights alone', () => {
  const average = { w: Float32Array.of(1, 2), v: Float32Array.of(8) };
  const kept = average.w;
  const weights = { w: Float32Array.of(5, -2), v: Float32Array.of(0) };
  updateEma(average, weights, 0.75);
  assert.equal(average.w, kept);
  assert.deepEqual([...average.w, ...average.v], [2, 1, 6]);
  assert.deepEqual([...weights.w, ...weights.v], [5, -2, 0]);
  updateEma(average, weights, 0);
  assert.deepEqual(average, weights);
});
