// Schedules and time grids against the numbers of methods.md section 5 (calculated from the published code).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noiseSchedule, stableDiffusionSchedule } from '../../../src/core/diffusion/noise-schedule.ts';
import { linspace, roundHalfEven } from '../../../src/core/diffusion/rounding.ts';
import {
  interpolate,
  karrasSigmas,
  sigmaTable,
  sigmaToTimestep,
} from '../../../src/core/diffusion/sigmas.ts';
import { multistepGrid, type Spacing, singleStepGrid } from '../../../src/core/diffusion/time-grid.ts';

const grid = (spacing: Spacing, stepsOffset = 0) => ({ spacing, stepsOffset, numTrainTimesteps: 1000 });
const near = (got: number, wanted: number, share = 1e-7) =>
  assert.ok(Math.abs(got / wanted - 1) < share, `${got}`);

test('abar of Stable Diffusion at the end of 1000 and of 1500 entries', () => {
  near(noiseSchedule(stableDiffusionSchedule()).alphasCumprod[999], 0.0046600985);
  near(noiseSchedule(stableDiffusionSchedule(1500)).alphasCumprod[1499], 0.00031829555);
});

test('other schedules: linear ends, cosine cap, given betas, zero terminal SNR', () => {
  const base = { numTrainTimesteps: 4, betaStart: 0.1, betaEnd: 0.4, betaSchedule: 'linear' } as const;
  for (const [i, beta] of noiseSchedule(base).betas.entries()) near(beta, [0.1, 0.2, 0.3, 0.4][i], 1e-12);
  assert.equal(noiseSchedule({ ...base, betaSchedule: 'squaredcos_cap_v2' }).betas[3], 0.999);
  assert.deepEqual(
    [...noiseSchedule({ ...base, trainedBetas: [0.1, 0.1, 0.1, 0.5] }).betas],
    [0.1, 0.1, 0.1, 0.5],
  );
  const { alphasCumprod } = noiseSchedule({ ...base, rescaleBetasZeroSnr: true });
  near(alphasCumprod[0], 0.9, 1e-12);
  assert.equal(alphasCumprod[3], 0);
  assert.throws(() => noiseSchedule({ ...base, trainedBetas: [0.1] }), /betas must be 4 numbers/);
});

test('the 25-step grids of DPM-Solver++', () => {
  const linspaceGrid =
    '999 959 919 879 839 799 759 719 679 639 599 559 519 480 440 400 360 320 280 240 200 160 120 80 40';
  const leadingGrid =
    '951 913 875 837 799 761 723 685 647 609 571 533 495 457 419 381 343 305 267 229 191 153 115 77 39';
  assert.equal(multistepGrid(25, grid('linspace')).join(' '), linspaceGrid);
  assert.equal(multistepGrid(25, grid('leading', 1)).join(' '), leadingGrid);
});

test('the 50-step grid of DDIM: 981, 961, ..., 21, 1', () => {
  const steps = singleStepGrid(50, grid('leading', 1));
  assert.deepEqual(
    steps,
    Array.from({ length: 50 }, (_, i) => 981 - 20 * i),
  );
});

test('grids that leave the schedule are refused', () => {
  assert.throws(() => singleStepGrid(0, grid('leading')), /from 1 to 1000/);
  assert.throws(() => multistepGrid(1000, grid('linspace')), /from 1 to 999/);
  assert.throws(() => singleStepGrid(1000, grid('leading', 1)), /timestep 1000/);
});

test('rounding and linspace as in NumPy', () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, 2.4, 2.6].map(roundHalfEven), [0, 2, 2, 0, 2, 3]);
  assert.deepEqual(linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(linspace(3, 9, 1), [3]);
});

test('sigmas: interpolation and its inverse agree, Karras spans the range', () => {
  const table = sigmaTable(noiseSchedule(stableDiffusionSchedule()).alphasCumprod);
  near(table[999], 14.614641229333639, 1e-12);
  for (const t of [0, 17, 500, 999]) near(sigmaToTimestep(table, interpolate(table, t)) + 1, t + 1, 1e-9);
  const sigmas = karrasSigmas(table[0], table[999], 5);
  near(sigmas[0], table[999], 1e-12);
  near(sigmas[4], table[0], 1e-12);
});
