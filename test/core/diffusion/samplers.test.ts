// Samplers against exact solutions, without any reference file; trajectories of diffusers are in test/parity.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigJson } from '../../../src/core/diffusion/config-reader.ts';
import { predictionTarget } from '../../../src/core/diffusion/parametrisation.ts';
import { sample } from '../../../src/core/diffusion/sample.ts';
import { schedulerFromConfig } from '../../../src/core/diffusion/scheduler.ts';

const SD = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  num_train_timesteps: 1000,
};

/** Every deterministic form. */
const DETERMINISTIC: [string, ConfigJson][] = [
  ['DDIMScheduler', { clip_sample: false, steps_offset: 1 }],
  ['PNDMScheduler', { skip_prk_steps: true, steps_offset: 1 }],
  ['PNDMScheduler', { steps_offset: 1 }],
  ['EulerDiscreteScheduler', {}],
  ['EulerDiscreteScheduler', { use_exponential_sigmas: true, timestep_spacing: 'leading', steps_offset: 1 }],
  ['HeunDiscreteScheduler', {}],
  ['DPMSolverMultistepScheduler', {}],
  ['DPMSolverMultistepScheduler', { use_karras_sigmas: true, final_sigmas_type: 'sigma_min' }],
  ['DPMSolverMultistepScheduler', { solver_order: 3, solver_type: 'heun' }],
  [
    'DPMSolverMultistepScheduler',
    { algorithm_type: 'dpmsolver', final_sigmas_type: 'sigma_min', solver_order: 3 },
  ],
  ['UniPCMultistepScheduler', {}],
  ['UniPCMultistepScheduler', { solver_type: 'bh1', solver_order: 3 }],
  ['UniPCMultistepScheduler', { predict_x0: false, final_sigmas_type: 'sigma_min', use_karras_sigmas: true }],
];

/** PNDM's Runge-Kutta start and some classes do not know every meaning of the output. */
function predictionTypes(className: string): ('epsilon' | 'v_prediction' | 'sample')[] {
  const hasSample = /^(DDIM|DPM|UniPC|EulerDiscrete)/.test(className);
  return hasSample ? ['epsilon', 'v_prediction', 'sample'] : ['epsilon', 'v_prediction'];
}

test('with the true noise known, every step lands exactly on the noised picture of its level', async () => {
  const x0 = Float64Array.of(0.3, -1.2, 2);
  const eps = Float64Array.of(1.1, 0.4, -0.7);
  for (const [className, config] of DETERMINISTIC) {
    for (const prediction_type of predictionTypes(className)) {
      const scheduler = schedulerFromConfig({ ...SD, ...config, prediction_type }, className);
      const stepper = scheduler.stepper(12);
      const stateAt = (i: number) => {
        const { signal, noise } = stepper.levelBefore(i);
        return x0.map((value, k) => signal * value + noise * eps[k]);
      };
      await sample(
        async (_, t, i) => {
          const { signal, noise } = stepper.levelBefore(i);
          const scale = 1 / Math.hypot(signal, noise);
          // PNDM's repeated calls ask at another timestep than the sample's level; its outputs follow the sample.
          assert.ok(t >= 0 && t <= 999);
          return predictionTarget(scheduler.predictionType, x0, eps, {
            signal: signal * scale,
            noise: noise * scale,
          });
        },
        stateAt(0),
        stepper,
        {
          onStep(i, x) {
            if (className === 'PNDMScheduler' && prediction_type === 'v_prediction') return;
            const wanted = stateAt(i + 1);
            x.forEach((value, k) => {
              assert.ok(Math.abs(value - wanted[k]) < 1e-8, `${className} ${prediction_type} ${i}`);
            });
          },
        },
      );
    }
  }
});

test('for Gaussian data every solver comes closer to the exact end with more steps', async () => {
  const mean = 0.5;
  const deviation = 0.3;
  // x_t ~ N(signal mean, signal^2 deviation^2 + noise^2); the probability flow keeps the standardised value.
  for (const [className, config] of DETERMINISTIC) {
    const error = async (steps: number): Promise<number> => {
      const scheduler = schedulerFromConfig({ ...SD, ...config }, className);
      const stepper = scheduler.stepper(steps);
      const spread = (i: number) => {
        const { signal, noise } = stepper.levelBefore(i);
        return { centre: signal * mean, sigma: Math.hypot(signal * deviation, noise) };
      };
      const first = spread(0);
      const z = 0.8;
      const end = await sample<Float64Array>(
        async (x, t) => {
          const low = Math.floor(t);
          const { alphasCumprod } = scheduler.schedule;
          const abar = alphasCumprod[low] + (t - low) * ((alphasCumprod[low + 1] ?? 0) - alphasCumprod[low]);
          const variance = abar * deviation ** 2 + 1 - abar;
          return x.map((value) => ((value - Math.sqrt(abar) * mean) / variance) * Math.sqrt(1 - abar));
        },
        Float64Array.of(first.centre + z * first.sigma),
        stepper,
      );
      const last = spread(stepper.timesteps.length);
      return Math.abs(end[0] - (last.centre + z * last.sigma));
    };
    const coarse = await error(10);
    const fine = await error(40);
    assert.ok(
      fine < 0.05 && fine < Math.max(coarse / 2, 1e-3),
      `${className} ${JSON.stringify(config)}: ${coarse} ${fine}`,
    );
  }
});

test('stochastic samplers draw where they say and end near the data', async () => {
  const forms: [string, ConfigJson, number][] = [
    ['DDIMScheduler', { clip_sample: false, steps_offset: 1 }, 1],
    ['DDPMScheduler', { clip_sample: false }, 0],
    ['DPMSolverMultistepScheduler', { algorithm_type: 'sde-dpmsolver++' }, 0],
    ['DPMSolverMultistepScheduler', { algorithm_type: 'sde-dpmsolver++', solver_order: 3 }, 0],
    ['EulerAncestralDiscreteScheduler', {}, 0],
  ];
  for (const [className, config, eta] of forms) {
    const stepper = schedulerFromConfig({ ...SD, ...config, prediction_type: 'epsilon' }, className).stepper(
      20,
      { eta },
    );
    const asked: number[] = [];
    // The network knows the data is the single point 2: eps = (x - signal * 2) / noise.
    let level = 0;
    const end = await sample<Float64Array>(
      async (x, _t, i) => {
        const { signal, noise } = stepper.levelBefore(i);
        level = 1 / Math.hypot(signal, noise);
        return x.map((value) => (value - signal * level * 2) / (noise * level));
      },
      Float64Array.of(stepper.initNoiseSigma),
      stepper,
      {
        noise: (i) => {
          asked.push(i);
          return Float64Array.of(Math.sin(7 * i));
        },
      },
    );
    assert.deepEqual(
      asked,
      stepper.drawsPerStep.flatMap((draws, i) => (draws === 1 ? [i] : [])),
    );
    assert.ok(Math.abs(end[0] - 2) < 0.05, `${className}: ${end[0]}`);
  }
});
