// DDPM ancestral sampling (Ho et al. 2020, arXiv 2006.11239, equations 6 and 7).

import { clamp, type Floats, mix, type Term } from '../floats.ts';
import { levelAt, type PredictionType, toSample } from '../parametrisation.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { stepper } from '../stepper.ts';
import { singleStepGrid } from '../time-grid.ts';

/** fixed_small: the posterior's variance; fixed_large: the step's beta. */
export const VARIANCE_TYPES = ['fixed_small', 'fixed_small_log', 'fixed_large'] as const;
export type VarianceType = (typeof VARIANCE_TYPES)[number];

export interface DdpmStep {
  readonly predictionType: PredictionType;
  /** alphas_cumprod at t and at the timestep stepped to (1: the clean sample). */
  readonly abar: number;
  readonly abarPrevious: number;
  readonly varianceType: VarianceType;
  readonly clip: number | null;
}

/** x_t -> x_prev from the posterior q(x_prev | x_t, x_0); without `noise` its mean. */
export function ddpmStep<T extends Floats>(step: DdpmStep, x: T, modelOutput: Floats, noise?: Floats): T {
  const { predictionType, abar, abarPrevious, varianceType, clip } = step;
  const alpha = abar / abarPrevious;
  const beta = 1 - alpha;
  const predicted = toSample(predictionType, x, modelOutput, levelAt(abar));
  const x0 = clip === null ? predicted : clamp(predicted, clip);
  const terms: Term[] = [
    [(Math.sqrt(abarPrevious) * beta) / (1 - abar), x0],
    [(Math.sqrt(alpha) * (1 - abarPrevious)) / (1 - abar), x],
  ];
  if (noise) {
    // diffusers keeps the variance above 1e-20, also where the step ends at the clean sample.
    const posterior = Math.max(((1 - abarPrevious) / (1 - abar)) * beta, 1e-20);
    terms.push([Math.sqrt(varianceType === 'fixed_large' ? beta : posterior), noise]);
  }
  return mix(x, ...terms);
}

/** diffusers' DDPMScheduler: each step goes to the next timestep of the grid, the last one to the clean sample. */
export const ddpm: SamplerFamily = (reader, context) => {
  const { alphasCumprod } = context.schedule;
  const grid = readGrid(reader, context, 'leading');
  const varianceType = reader.oneOf('variance_type', VARIANCE_TYPES, 'fixed_small');
  const clip = reader.flag('clip_sample', true) ? reader.number('clip_sample_range', 1, (v) => v > 0) : null;
  reader.only('thresholding', false);

  return (steps) => {
    const timesteps = singleStepGrid(steps, grid);
    const abarBefore = (i: number) => (i < steps ? alphasCumprod[timesteps[i]] : 1);
    return stepper({
      timesteps,
      takesNoise: (i) => timesteps[i] > 0,
      levelBefore: (i) => levelAt(abarBefore(i)),
      advance(i, x, modelOutput, noise) {
        const { predictionType } = context;
        const step = {
          predictionType,
          abar: abarBefore(i),
          abarPrevious: abarBefore(i + 1),
          varianceType,
          clip,
        };
        return ddpmStep(step, x, modelOutput, noise);
      },
    });
  };
};
