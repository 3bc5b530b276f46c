// How long a training will take: from the best that was measured, with an honest range.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  evidenceOf,
  forecastTraining,
  type Measurement,
  type PhaseTime,
} from '../../../src/core/domain/training-forecast.ts';

const learned = (units: number, seconds: number, fixed = 0): PhaseTime => ({
  phase: 'learn',
  units,
  seconds,
  fixed,
});
let runs = 0;
const run = (...phases: PhaseTime[]): Measurement => {
  return { phases, source: `run ${++runs}`, isRun: true, isSame: true };
};

test('nothing measured, nothing said', () => {
  assert.equal(forecastTraining([], { learn: 10 }), null);
  assert.equal(forecastTraining([run(learned(5, 5))], { learn: 10, other: 1 }), null);
  assert.equal(evidenceOf([], { learn: 10 }), null);
});

test('time grows with the units, what is made once does not', () => {
  const ten = forecastTraining([run(learned(100, 50, 8))], { learn: 10 })!;
  const thousand = forecastTraining([run(learned(100, 50, 8))], { learn: 1000 })!;
  assert.equal(ten.seconds, 8 + 5);
  assert.equal(thousand.seconds, 8 + 500);
  assert.ok(thousand.low < thousand.seconds && thousand.seconds < thousand.high);
});

test('the range holds what was seen, and is wider the less was measured', () => {
  const two = [run(learned(100, 80)), run(learned(100, 160))];
  const both = forecastTraining(two, { learn: 100 })!;
  assert.deepEqual([both.seconds, both.low, both.high], [120, 80, 160]);
  const width = (measurements: Measurement[]): number => {
    const { low, high, seconds } = forecastTraining(measurements, { learn: 100 })!;
    return (high - low) / seconds;
  };
  const one = run(learned(100, 100));
  const short = { ...one, isRun: false };
  const other = { ...one, isSame: false };
  assert.ok(width([one, one]) < width([one]));
  assert.ok(width([one]) < width([short]) && width([short]) < width([other]));
});

test('only the best evidence counts', () => {
  const short = { ...run(learned(5, 50)), isRun: false };
  const other = { ...run(learned(100, 900)), isSame: false };
  const measurements = [other, short, run(learned(100, 100))];
  assert.equal(forecastTraining(measurements, { learn: 100 })!.seconds, 100);
  assert.deepEqual(evidenceOf(measurements, { learn: 100 }), { count: 1, isRun: true, isSame: true });
  const sittings = [run(learned(100, 100))];
  sittings.push({ ...sittings[0], phases: [learned(50, 50)] });
  assert.equal(evidenceOf(sittings, { learn: 100 })?.count, 1, 'two sittings are one run');
  assert.deepEqual(evidenceOf([other, short], { learn: 100 }), { count: 1, isRun: false, isSame: true });
});

test('a phase that the best sitting never reached is told from others', () => {
  const masks: PhaseTime = { phase: 'masks', units: 10, seconds: 20, fixed: 0 };
  const short = { ...run(learned(5, 50), masks), isRun: false };
  const { phases } = forecastTraining([short, run(learned(100, 100))], { learn: 100, masks: 5 })!;
  assert.deepEqual(
    phases.map(({ seconds }) => seconds),
    [100, 10],
  );
});

test('a sitting that was broken off early does not set the rate', () => {
  const { low, high } = forecastTraining([run(learned(200, 200)), run(learned(3, 30))], { learn: 100 })!;
  assert.ok(high < 130 && low > 70, `${low} ${high}`);
});
