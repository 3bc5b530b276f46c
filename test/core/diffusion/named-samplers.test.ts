// Samplers by name on a pack's schedule, and the schedule of files that hold nothing but betas.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ldmSchedulerConfig } from '../../../src/core/diffusion/ldm-schedule.ts';
import { chooseSampler, SAMPLER_NAMES, SAMPLERS } from '../../../src/core/diffusion/named-samplers.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../../src/core/diffusion/noise-schedule.ts';
import { schedulerFromConfig } from '../../../src/core/diffusion/scheduler.ts';
import { floatToHalf, halfToFloat } from '../../../src/core/tensor/half.ts';

const SD1 = ldmSchedulerConfig(null);
const DPM = { ...SD1, _class_name: 'DPMSolverMultistepScheduler', use_karras_sigmas: true, solver_order: 3 };

test('every name runs on the schedule of Stable Diffusion 1.x', () => {
  for (const name of SAMPLER_NAMES) {
    const scheduler = chooseSampler(SD1, { sampler: name });
    assert.equal(scheduler.className, SAMPLERS[name].className);
    const { timesteps } = scheduler.stepper(10);
    assert.ok(timesteps.length >= 10 && timesteps[0] > timesteps[timesteps.length - 1], name);
  }
});

test('a name gives the same steps as the class with those keys', () => {
  const named = chooseSampler(SD1, { sampler: 'dpm++2m-karras' }).stepper(8);
  const json = { ...SD1, use_karras_sigmas: true, algorithm_type: 'dpmsolver++', solver_order: 2 };
  const made = schedulerFromConfig(json, 'DPMSolverMultistepScheduler').stepper(8);
  assert.deepEqual(named.sigmas, made.sigmas);
});

test("the pack's own sampler keeps its own keys; another one does not get them", () => {
  const own = chooseSampler(DPM, { sampler: null }).stepper(8);
  const plain = chooseSampler(DPM, { sampler: 'dpm++2m' }).stepper(8);
  const karras = chooseSampler(DPM, { sampler: 'dpm++2m-karras' }).stepper(8);
  assert.deepEqual(own.sigmas, karras.sigmas);
  assert.notDeepEqual(own.sigmas, plain.sigmas);
  assert.deepEqual(
    chooseSampler(DPM, { sampler: 'UniPCMultistepScheduler' }).className,
    'UniPCMultistepScheduler',
  );
});

test('the spacing can be chosen', () => {
  const first = (spacing: 'leading' | 'trailing' | 'linspace') =>
    chooseSampler(SD1, { sampler: 'ddim', spacing }).stepper(10).timesteps[0];
  assert.deepEqual([first('leading'), first('trailing'), first('linspace')], [901, 999, 999]);
});

test('an unknown name is refused with those there are', () => {
  assert.throws(() => chooseSampler(SD1, { sampler: 'plms2' }), { code: 'usage', message: /"plms2"/ });
});

test('betas are recognised, also after fp16; others are kept as they are', () => {
  const sd = noiseSchedule(stableDiffusionSchedule()).betas;
  const half = [...halfToFloat(floatToHalf(sd))];
  for (const betas of [[...sd], half]) {
    const json = ldmSchedulerConfig(betas);
    assert.deepEqual([json.beta_schedule, json.beta_start, json.beta_end], ['scaled_linear', 0.00085, 0.012]);
  }
  const linear = noiseSchedule({ ...stableDiffusionSchedule(), betaSchedule: 'linear', betaEnd: 0.02 }).betas;
  const named = ldmSchedulerConfig([...linear]);
  assert.deepEqual([named.beta_schedule, named.beta_start, named.beta_end], ['linear', 0.00085, linear[999]]);
  const odd = sd.map((b, i) => b * (1 + 0.1 * Math.sin(i)));
  const kept = schedulerFromConfig(ldmSchedulerConfig([...odd]));
  assert.deepEqual([...kept.schedule.betas], [...odd]);
});
