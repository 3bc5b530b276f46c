// The U-Net's input channels and the numbers around its latents, against their definitions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../../../src/core/diffusion/noise-schedule.ts';
import {
  blankHole,
  denoiseBatch,
  type Example,
  holeWeights,
  INPUT_CHANNELS,
  LATENT,
  LATENT_SIZE,
  normalizeLatents,
  restoreLatents,
  unshuffleMask,
  WINDOW,
  writeCondition,
  writeExample,
} from '../../../../src/core/recipes/pack/condition.ts';

const PLANE = LATENT * LATENT;
const SCALE = { mean: [1, -2, 0.5, 3], std: [2, 0.5, 1.5, 4] };

const normals = (name: string, size: number) => namedRng(0, name).fillNormal(new Float32Array(size));

function randomMask(name: string, share = 0.3): Uint8Array {
  const rng = namedRng(0, name);
  return Uint8Array.from({ length: WINDOW * WINDOW }, () => (rng.chance(share) ? 1 : 0));
}

const setPixels = (...at: [x: number, y: number][]) => {
  const mask = new Uint8Array(WINDOW * WINDOW);
  for (const [x, y] of at) mask[y * WINDOW + x] = 1;
  return mask;
};

test('latents are shifted and scaled per channel, in place, in every item of a batch', () => {
  const z = Float32Array.of(1, 5, -2, -1.5, 2, 0.5, 3, -1, 3, 1, -3, -2, 0.5, 0.5, 7, 11);
  const normalised = normalizeLatents(z, SCALE, 2);
  assert.equal(normalised, z);
  assert.deepEqual([...z], [0, 2, 0, 1, 1, 0, 0, -1, 1, 0, -2, 0, 0, 0, 1, 2]);
});

test('restoring undoes normalising', () => {
  const z = normals('z', 2 * LATENT_SIZE);
  const there = normalizeLatents(z.slice(), SCALE);
  assert.ok(there.some((v, i) => Math.abs(v - z[i]) > 0.5));
  const back = restoreLatents(there, SCALE);
  for (let i = 0; i < z.length; i++) assert.ok(Math.abs(back[i] - z[i]) < 1e-5, `${i}: ${back[i]}, ${z[i]}`);
});

test('the mask channels are those of torch.nn.PixelUnshuffle(4)', () => {
  const mask = randomMask('mask');
  const out = new Float32Array(16 * PLANE).fill(7);
  unshuffleMask(mask, out);
  // PixelUnshuffle(r): pixel (y, x) goes to channel (y mod r) r + (x mod r), cell (y div r, x div r).
  const expected = new Float32Array(16 * PLANE);
  for (let y = 0; y < WINDOW; y++)
    for (let x = 0; x < WINDOW; x++) {
      const channel = (y % 4) * 4 + (x % 4);
      expected[(channel * LATENT + Math.floor(y / 4)) * LATENT + Math.floor(x / 4)] = mask[y * WINDOW + x];
    }
  assert.deepEqual(out, expected);
});

test('the hole becomes grey in all three channels, the rest stays', () => {
  const window = normals('window', 3 * WINDOW * WINDOW);
  const hole = randomMask('hole');
  const out = new Float32Array(window.length).fill(9);
  blankHole(window, hole, out);
  for (let i = 0; i < out.length; i++) assert.equal(out[i], hole[i % hole.length] ? 0 : window[i]);
});

test('cells that touch the hole weigh twenty times the others, and the mean is 1', () => {
  const weights = new Float32Array(PLANE);
  // One cell by its last pixel, one by its first, and one by two pixels.
  holeWeights(setPixels([7, 3], [124, 127], [40, 40], [43, 41]), weights);
  const heavy = [...weights.keys()].filter((i) => weights[i] > 1);
  assert.deepEqual(heavy, [0 * LATENT + 1, 10 * LATENT + 10, 31 * LATENT + 31]);
  assert.ok(Math.abs(weights.reduce((x, y) => x + y) / PLANE - 1) < 1e-5);
  for (let i = 0; i < PLANE; i++) {
    const wanted = (heavy.includes(i) ? 1 : 0.05) * weights[1];
    assert.ok(Math.abs(weights[i] - wanted) < 1e-5 * wanted, `cell ${i}`);
  }
  holeWeights(new Uint8Array(WINDOW * WINDOW), weights);
  assert.ok(weights.every((w) => Math.abs(w - 1) < 1e-5));
});

const example = (name: string): Example => ({
  latent: normals(`${name}/latent`, LATENT_SIZE),
  condition: normals(`${name}/condition`, LATENT_SIZE),
  mask: randomMask(`${name}/mask`),
  hole: setPixels([64, 64]),
  prompt: [1, 4, 2, 20, 32, 42, 51, 3],
});

test('x_t and v of an example lead back to the latent and to the noise, at every level', () => {
  const { alphasCumprod } = noiseSchedule(stableDiffusionSchedule());
  const batch = denoiseBatch(1);
  const shown = example('levels');
  const noise = normals('noise', LATENT_SIZE);
  for (const t of [0, 250, 999]) {
    writeExample(batch, 0, shown, t, noise, alphasCumprod);
    const [signal, sigma] = [Math.sqrt(alphasCumprod[t]), Math.sqrt(1 - alphasCumprod[t])];
    for (let i = 0; i < LATENT_SIZE; i++) {
      const [x, v] = [batch.sample[i], batch.target[i]];
      assert.ok(Math.abs(signal * x - sigma * v - shown.latent[i]) < 1e-5, `x_0 at t = ${t}`);
      assert.ok(Math.abs(sigma * x + signal * v - noise[i]) < 1e-5, `noise at t = ${t}`);
    }
  }
});

test('an example fills its own row: 4 noisy, 4 condition, 16 mask channels, prompt, level, weights', () => {
  const batch = denoiseBatch(3);
  const arrays = [batch.sample, batch.timestep, batch.ids, batch.target, batch.weight];
  for (const a of arrays) a.fill(-5);
  const shown = example('row');
  const noise = normals('row/noise', LATENT_SIZE);
  writeExample(batch, 1, shown, 2, noise, [1, 1, 0.64]);
  const row = (a: Float32Array | Int32Array, k: number) =>
    a.subarray((k * a.length) / 3, ((k + 1) * a.length) / 3);
  for (const k of [0, 2])
    for (const a of arrays)
      assert.ok(
        row(a, k).every((v: number) => v === -5),
        `row ${k} is not its own`,
      );
  const sample = row(batch.sample, 1) as Float32Array;
  assert.equal(sample.length, INPUT_CHANNELS * PLANE);
  for (let i = 0; i < LATENT_SIZE; i++) {
    assert.ok(Math.abs(sample[i] - (0.8 * shown.latent[i] + 0.6 * noise[i])) < 1e-6, 'x_t');
    assert.ok(Math.abs(row(batch.target, 1)[i] - (0.8 * noise[i] - 0.6 * shown.latent[i])) < 1e-6, 'v');
  }
  assert.deepEqual(sample.slice(LATENT_SIZE, 2 * LATENT_SIZE), shown.condition);
  const mask = new Float32Array(16 * PLANE);
  unshuffleMask(shown.mask, mask);
  assert.deepEqual(sample.slice(2 * LATENT_SIZE), mask);
  assert.equal(batch.timestep[1], 2);
  assert.deepEqual([...row(batch.ids, 1)], shown.prompt);
  const weight = new Float32Array(PLANE);
  holeWeights(shown.hole, weight);
  assert.deepEqual(row(batch.weight, 1).slice(), weight);
});

test('the condition of a window is written beside its noisy latent, which stays', () => {
  const sample = new Float32Array(2 * INPUT_CHANNELS * PLANE).fill(-5);
  const condition = normals('condition', LATENT_SIZE);
  writeCondition(sample, 1, condition, new Uint8Array(WINDOW * WINDOW).fill(1));
  const at = INPUT_CHANNELS * PLANE;
  assert.ok(sample.subarray(0, at + LATENT_SIZE).every((v) => v === -5));
  assert.deepEqual(sample.slice(at + LATENT_SIZE, at + 2 * LATENT_SIZE), condition);
  assert.ok(sample.subarray(at + 2 * LATENT_SIZE).every((v) => v === 1));
});
