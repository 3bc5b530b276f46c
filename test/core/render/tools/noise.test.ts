// The noise tools against slow, literal definitions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { gauss } from '../../../../src/core/render/tools/blur.ts';
import { BIT_REVERSED, fieldOfHalfSpectrum, HALF } from '../../../../src/core/render/tools/fft.ts';
import { type Field, PIXELS, SIDE } from '../../../../src/core/render/tools/field.ts';
import { bandNoise, powerNoise } from '../../../../src/core/render/tools/noise.ts';
import { voronoi } from '../../../../src/core/render/tools/voronoi.ts';

/** |coefficient|^2 of a field at integer frequencies (u, v). */
function power(field: Field, u: number, v: number): number {
  let re = 0;
  let im = 0;
  for (let i = 0; i < PIXELS; i++) {
    const phase = (2 * Math.PI * (u * (i % SIDE) + v * Math.floor(i / SIDE))) / SIDE;
    re += field[i] * Math.cos(phase);
    im -= field[i] * Math.sin(phase);
  }
  return re * re + im * im;
}

test('the half spectrum becomes the sum of its waves', () => {
  const re = new Float64Array(HALF * SIDE);
  const im = new Float64Array(HALF * SIDE);
  const waves = [
    { u: 3, v: 5, re: 0.7, im: -0.2 },
    { u: 63, v: -64, re: 0.1, im: 0.4 },
    { u: 1, v: -1, re: -0.5, im: 0 },
  ];
  for (const w of waves) {
    const k = w.u * SIDE + BIT_REVERSED[(w.v + SIDE) % SIDE];
    re[k] = w.re;
    im[k] = w.im;
  }
  const field = fieldOfHalfSpectrum(re, im, 2);
  for (let i = 0; i < PIXELS; i += 37) {
    let expected = 0;
    for (const w of waves) {
      const phase = (2 * Math.PI * (w.u * (i % SIDE) + w.v * Math.floor(i / SIDE))) / SIDE;
      expected += 2 * 2 * (w.re * Math.cos(phase) - w.im * Math.sin(phase));
    }
    assert.ok(Math.abs(field[i] - expected) < 1e-5, `pixel ${i}: ${field[i]}, expected ${expected}`);
  }
});

test('noise has mean 0 and deviation 1', () => {
  const rng = namedRng(1, 'noise');
  for (const field of [
    powerNoise(rng, 0),
    powerNoise(rng, 3),
    powerNoise(rng, 1, 0.05, 0.7),
    bandNoise(rng, 20),
  ]) {
    let mean = 0;
    let square = 0;
    for (const v of field) {
      mean += v / PIXELS;
      square += (v * v) / PIXELS;
    }
    assert.ok(Math.abs(mean) < 1e-5 && Math.abs(square - 1) < 1e-4, `mean ${mean}, square ${square}`);
  }
});

test('the spectrum follows the power law, the band and the direction', () => {
  const average = (draw: (seed: number) => Field, places: [number, number][]) => {
    let sum = 0;
    for (let seed = 0; seed < 6; seed++) for (const [u, v] of places) sum += power(draw(seed), u, v);
    return sum;
  };
  const ring = (f: number): [number, number][] => [
    [f, 0],
    [0, f],
    [f, 1],
    [1, f],
    [f, -1],
  ];
  const brown = (seed: number) => powerNoise(namedRng(seed, 'brown'), 2);
  const ratio = average(brown, ring(5)) / average(brown, ring(20));
  assert.ok(ratio > 6 && ratio < 40, `beta 2: power falls 16-fold from f 5 to f 20, got ${ratio}`);
  const band = (seed: number) => bandNoise(namedRng(seed, 'band'), 20);
  assert.ok(average(band, ring(20)) > 50 * average(band, ring(60)));
  // Streaks along x: many frequencies across them (v), few along (u).
  const streaks = (seed: number) => powerNoise(namedRng(seed, 'streaks'), 2, 0.05, 0);
  assert.ok(
    average(streaks, [
      [0, 14],
      [0, 17],
    ]) >
      20 *
        average(streaks, [
          [14, 0],
          [17, 0],
        ]),
  );
});

test('voronoi finds the two nearest points', () => {
  for (const count of [2, 7, 60, 900]) {
    const cells = voronoi(namedRng(count, 'cells'), count);
    // The points again, as the tool draws them: all x, then all y.
    const rng = namedRng(count, 'cells');
    const x = Array.from({ length: count }, () => rng.uniformIn(-10, 138));
    const y = Array.from({ length: count }, () => rng.uniformIn(-10, 138));
    for (let i = 0; i < PIXELS; i += 101) {
      const distances = x
        .map((px, k) => Math.hypot(px - (i % SIDE), y[k] - Math.floor(i / SIDE)))
        .sort((a, b) => a - b);
      assert.ok(Math.abs(cells.first[i] - distances[0]) < 1e-4);
      assert.ok(Math.abs(cells.second[i] - distances[1]) < 1e-4);
    }
  }
});

test('gauss keeps the sum, spreads a point by its sigma and leaves a constant alone', () => {
  const point = new Float32Array(PIXELS);
  point[40 * SIDE + 50] = 1;
  const out = gauss(point, 2);
  let sum = 0;
  let spread = 0;
  for (let i = 0; i < PIXELS; i++) {
    sum += out[i];
    spread += out[i] * ((i % SIDE) - 50) ** 2;
  }
  assert.ok(Math.abs(sum - 1) < 1e-5);
  assert.ok(Math.abs(Math.sqrt(spread) - 2) < 0.05, `cut at 3 sigma: ${Math.sqrt(spread)}`);
  const flat = gauss(new Float32Array(PIXELS).fill(0.3), 1.1);
  assert.ok(flat.every((v) => Math.abs(v - 0.3) < 1e-6));
});
