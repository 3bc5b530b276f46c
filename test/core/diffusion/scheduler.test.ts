// Reading scheduler_config.json, the stepper's own checks, and the small functions around the loop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guide } from '../../../src/core/diffusion/guidance.ts';
import { addNoise, blendKnown, noisedStart } from '../../../src/core/diffusion/noising.ts';
import {
  PREDICTION_TYPES,
  predictionTarget,
  toNoise,
  toSample,
} from '../../../src/core/diffusion/parametrisation.ts';
import { sample, startFromNoise } from '../../../src/core/diffusion/sample.ts';
import { parseSchedulerJson, schedulerFromConfig } from '../../../src/core/diffusion/scheduler.ts';

/** As diffusers writes the embedded pack's scheduler. */
const PACK = {
  _class_name: 'DDIMScheduler',
  _diffusers_version: '0.42.1',
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  clip_sample: false,
  clip_sample_range: 1,
  dynamic_thresholding_ratio: 0.995,
  num_train_timesteps: 1000,
  prediction_type: 'v_prediction',
  rescale_betas_zero_snr: false,
  sample_max_value: 1,
  set_alpha_to_one: true,
  steps_offset: 0,
  thresholding: false,
  timestep_spacing: 'leading',
  trained_betas: null,
};

test('a config as diffusers writes it, and another sampler on the same schedule', () => {
  const scheduler = schedulerFromConfig(PACK);
  assert.equal(scheduler.predictionType, 'v_prediction');
  assert.equal(scheduler.schedule.alphasCumprod.length, 1000);
  assert.equal(scheduler.stepper(20).timesteps[0], 950);
  assert.equal(schedulerFromConfig(PACK, 'UniPCMultistepScheduler').stepper(10).timesteps.length, 10);
});

test('the JSON of Python: an infinite default is read, broken text is refused with its file', () => {
  const text =
    '{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "steps_offset": 1}';
  assert.equal(schedulerFromConfig(parseSchedulerJson(text)).className, 'DPMSolverMultistepScheduler');
  assert.throws(() => parseSchedulerJson('[1]', 'a.json'), { code: 'bad-pack', details: { file: 'a.json' } });
});

test('what is not built is refused with class, key and value', () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ ...PACK, _class_name: 'LCMScheduler' }, /scheduler class "LCMScheduler"/],
    [{ ...PACK, _class_name: 'toString' }, /scheduler class "toString"/],
    [
      { ...PACK, beta_schedule: 'sigmoid' },
      /DDIMScheduler: beta_schedule "sigmoid" is not supported \(known: scaled_/,
    ],
    [{ ...PACK, prediction_type: 'flow_prediction' }, /prediction_type "flow_prediction"/],
    [{ ...PACK, thresholding: true }, /thresholding true/],
    [{ ...PACK, timestep_spacing: 'even' }, /timestep_spacing "even"/],
    [{ ...PACK, brand_new: 3 }, /brand_new 3 is not supported \(the key is not known\)/],
    [{ ...PACK, steps_offset: -1 }, /steps_offset -1/],
    [{ _class_name: 'DPMSolverMultistepScheduler', use_beta_sigmas: true }, /use_beta_sigmas true/],
    [{ _class_name: 'DPMSolverMultistepScheduler', solver_order: 4 }, /solver_order 4/],
    [
      { _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'dpmsolver', final_sigmas_type: 'zero' },
      /"zero"/,
    ],
    [
      { _class_name: 'EulerAncestralDiscreteScheduler', prediction_type: 'sample' },
      /prediction_type "sample"/,
    ],
  ];
  for (const [config, message] of cases) assert.throws(() => schedulerFromConfig(config), message);
  assert.doesNotThrow(() => schedulerFromConfig({ ...PACK, brand_new: null }));
  assert.throws(
    () => schedulerFromConfig(PACK, 'PNDMScheduler').stepper(10, { eta: 1 }),
    /eta is an option of DDIM/,
  );
});

test('the stepper insists on order and on noise exactly where it is used', () => {
  const x = Float32Array.of(1);
  const deterministic = schedulerFromConfig(PACK).stepper(5);
  assert.throws(() => deterministic.step(1, x, x), /step 1 called, expected 0/);
  assert.throws(() => deterministic.step(0, x, x, x), /takes 0 draws/);
  assert.throws(() => schedulerFromConfig(PACK).stepper(5, { eta: 1 }).step(0, x, x), /takes 1 draws/);
});

test('target and readings of the output are inverse to each other', () => {
  const x0 = Float64Array.of(0.4, -2);
  const eps = Float64Array.of(1.5, 0.1);
  const level = { signal: 0.6, noise: 0.8 };
  const x = addNoise(x0, eps, level);
  for (const type of PREDICTION_TYPES) {
    const output = predictionTarget(type, x0, eps, level);
    const read = [...toSample(type, x, output, level), ...toNoise(type, x, output, level)];
    for (const [i, wanted] of [...x0, ...eps].entries()) assert.ok(Math.abs(read[i] - wanted) < 1e-12, type);
  }
});

test('guidance, noised start, kept parts', () => {
  assert.deepEqual([...guide(Float32Array.of(1), Float32Array.of(3), 2)], [5]);
  const start = noisedStart(Float64Array.of(1), Float64Array.of(0));
  assert.ok(Math.abs(start[0] - 0.01784084) < 1e-8);
  const keep = Float32Array.of(1, 0, 0, 0.5);
  const x = new Float32Array(8).fill(2);
  const known = new Float32Array(8).fill(4);
  assert.deepEqual([...blendKnown(x, known, keep.subarray(0, 2), [2, 2, 1, 2])], [4, 2, 4, 2, 4, 2, 4, 2]);
  assert.deepEqual([...blendKnown(x, known, keep, [2, 2, 1, 2])], [4, 2, 4, 2, 2, 3, 2, 3]);
  assert.throws(() => blendKnown(x, known, keep, [1, 8, 1, 1]), /keep does not fit/);
});

test('the loop stops at the signal and lets hooks change the sample', async () => {
  const stepper = schedulerFromConfig(PACK).stepper(4);
  const abort = new AbortController();
  const run = sample(async (x: Float32Array) => x, startFromNoise(Float32Array.of(1), stepper), stepper, {
    signal: abort.signal,
    onStep: (i) => i === 1 && abort.abort(new Error('enough')),
  });
  await assert.rejects(run, /enough/);
  const seen: number[] = [];
  const end = await sample(
    async (x: Float32Array) => {
      seen.push(x[0]);
      return x.map(() => 0);
    },
    Float32Array.of(1),
    schedulerFromConfig(PACK).stepper(2),
    {
      beforeStep: (x, i) => (i === 0 ? x.map(() => 7) : x),
      afterStep: (x, i) => (i === 1 ? x.map(() => 9) : x),
    },
  );
  assert.equal(seen[0], 7);
  assert.equal(end[0], 9);
});
