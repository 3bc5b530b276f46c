// Ancestral sampling of windows: its time grid, and that known surroundings stay what they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../../../src/core/diffusion/noise-schedule.ts';
import {
  ancestralSchedule,
  ancestralStep,
  WINDOW_STEPS,
} from '../../../../src/core/recipes/windows/ancestral.ts';

const { alphasCumprod } = noiseSchedule(stableDiffusionSchedule());
const PLANE = 64;
const SIZE = 4 * PLANE;
const normals = (name: string, size = SIZE) => namedRng(4, name).fillNormal(new Float32Array(size));

test('pure noise: 20 even steps down from t = 999', () => {
  const { timesteps } = ancestralSchedule();
  assert.equal(timesteps.length, WINDOW_STEPS);
  assert.deepEqual([timesteps[0], timesteps[1], timesteps.at(-1)], [999, 949, 50]);
  for (let i = 1; i < timesteps.length; i++)
    assert.ok(Math.abs(timesteps[i - 1] - timesteps[i] - 49.95) < 1, `step ${i}`);
});

test('less variation starts lower and takes fewer steps, but never fewer than four', () => {
  const starts = [1, 0.8, 0.5, 0.25, 0.1].map((v) => ancestralSchedule(v).timesteps);
  assert.deepEqual(
    starts.map((t) => [t[0], t.length]),
    [
      [999, 20],
      [799, 16],
      [500, 10],
      [250, 5],
      [100, 4],
    ],
  );
  for (const timesteps of starts)
    for (let i = 1; i < timesteps.length; i++) assert.ok(timesteps[i] < timesteps[i - 1], `${timesteps}`);
});

test('no variation at all still leaves legal timesteps', () => {
  for (const variation of [0, 0.001]) {
    const { timesteps } = ancestralSchedule(variation);
    assert.equal(timesteps.length, 4);
    assert.ok(timesteps.every((t) => t >= 0 && t <= 1));
  }
});

/** Samples with a network that knows the clean latent `x0`; `seen` is told x after every step. */
function sampleWith(
  x0: Float32Array,
  keep: Uint8Array,
  known: Float32Array,
  seen: (x: Float32Array, abar: number, last: boolean) => void,
  variation = 1,
) {
  const schedule = ancestralSchedule(variation);
  const { timesteps } = schedule;
  const startNoise = normals('start', x0.length);
  const first = alphasCumprod[timesteps[0]];
  let x: Float32Array = x0.map((v, i) => Math.sqrt(first) * v + Math.sqrt(1 - first) * startNoise[i]);
  for (const [index, t] of timesteps.entries()) {
    const [signal, sigma] = [Math.sqrt(alphasCumprod[t]), Math.sqrt(1 - alphasCumprod[t])];
    const v = x.map((value, i) => (signal * value - x0[i]) / sigma);
    const step = { predictionType: 'v_prediction', alphasCumprod, schedule, index } as const;
    const noise = normals(`step ${index}`, x0.length);
    x = ancestralStep(step, x, v, noise, { known, startNoise, keep });
    const last = index === timesteps.length - 1;
    seen(x, last ? 1 : alphasCumprod[timesteps[index + 1]], last);
  }
  return { x, startNoise };
}

test('kept cells are the known latent at the new noise level after each step, and itself after the last', () => {
  const known = normals('known');
  const keep = Uint8Array.from({ length: PLANE }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const startNoise = normals('start');
  let steps = 0;
  sampleWith(normals('x0'), keep, known, (x, abar, last) => {
    steps++;
    for (let i = 0; i < SIZE; i++) {
      const expected = Math.sqrt(abar) * known[i] + Math.sqrt(1 - abar) * startNoise[i];
      const gap = Math.abs(x[i] - expected);
      if (!keep[i % PLANE]) assert.ok(gap > 0, `cell ${i} is not kept`);
      else if (last) assert.equal(x[i], known[i]);
      else assert.ok(gap < 1e-6, `kept cell ${i}: ${x[i]}, not ${expected}`);
    }
  });
  assert.equal(steps, WINDOW_STEPS);
});

test('a network that knows the answer is led to it, with ancestral noise on the way', () => {
  const size = 4 * 1024;
  const x0 = normals('answer', size);
  const nothing = new Uint8Array(1024);
  const noisy = normals('unused', size);
  const levels: number[] = [];
  const correlations: number[] = [];
  const startNoise = normals('start', size);
  const { x } = sampleWith(x0, nothing, noisy, (now, abar, last) => {
    if (last) return;
    let [square, cross] = [0, 0];
    for (let i = 0; i < size; i++) {
      const rest = (now[i] - Math.sqrt(abar) * x0[i]) / Math.sqrt(1 - abar);
      square += (rest * rest) / size;
      cross += (rest * startNoise[i]) / size;
    }
    levels.push(square);
    correlations.push(cross);
  });
  for (let i = 0; i < size; i++) assert.ok(Math.abs(x[i] - x0[i]) < 1e-4, `${x[i]}, not ${x0[i]}`);
  // The noise left has the level's variance, and after some steps nothing of the first noise is in it.
  for (const level of levels) assert.ok(Math.abs(level - 1) < 0.1, `variance ${level}`);
  assert.ok(correlations[0] > 0.5 && Math.abs(correlations.at(-1) as number) < 0.1, `${correlations}`);
});
