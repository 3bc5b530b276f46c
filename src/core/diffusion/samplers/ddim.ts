// DDIM (Song et al. 2021, arXiv 2010.02502): eta 0 deterministic, eta 1 ancestral.

import { clamp, type Floats, mix } from '../floats.ts';
import { levelAt, type PredictionType, toNoise, toSample } from '../parametrisation.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { stepper } from '../stepper.ts';
import { singleStepGrid } from '../time-grid.ts';

export interface DdimStep {
  readonly predictionType: PredictionType;
  /** alphas_cumprod at t and at the timestep stepped to. */
  readonly abar: number;
  readonly abarPrevious: number;
  readonly eta: number;
  /** Limit on the predicted clean sample, or null. */
  readonly clip: number | null;
}

/** x_t -> x_prev, equations 12 and 16; `noise` is used when eta > 0. */
export function ddimStep<T extends Floats>(step: DdimStep, x: T, modelOutput: Floats, noise?: Floats): T {
  const { predictionType, abar, abarPrevious, eta, clip } = step;
  const level = levelAt(abar);
  const predicted = toSample(predictionType, x, modelOutput, level);
  const x0 = clip === null ? predicted : clamp(predicted, clip);
  const eps = toNoise(predictionType, x, modelOutput, level);
  const variance = ((1 - abarPrevious) / (1 - abar)) * (1 - abar / abarPrevious);
  const sigma = eta * Math.sqrt(variance);
  const direction = Math.sqrt(1 - abarPrevious - sigma * sigma);
  if (!noise) return mix(x, [Math.sqrt(abarPrevious), x0], [direction, eps]);
  return mix(x, [Math.sqrt(abarPrevious), x0], [direction, eps], [sigma, noise]);
}

/** diffusers' DDIMScheduler. The step always goes back by T / N timesteps, whatever the spacing. */
export const ddim: SamplerFamily = (reader, context) => {
  const { alphasCumprod, config } = context.schedule;
  const grid = readGrid(reader, context, 'leading');
  const clip = reader.flag('clip_sample', true) ? reader.number('clip_sample_range', 1, (v) => v > 0) : null;
  const finalAbar = reader.flag('set_alpha_to_one', true) ? 1 : alphasCumprod[0];
  reader.only('thresholding', false);

  return (steps, { eta = 0 }) => {
    const timesteps = singleStepGrid(steps, grid);
    const stride = Math.floor(config.numTrainTimesteps / steps);
    const abarAt = (t: number) => (t >= 0 ? alphasCumprod[t] : finalAbar);
    return stepper({
      timesteps,
      takesNoise: () => eta > 0,
      levelBefore: (i) =>
        levelAt(i < steps ? alphasCumprod[timesteps[i]] : abarAt(timesteps[steps - 1] - stride)),
      advance(i, x, modelOutput, noise) {
        const abar = alphasCumprod[timesteps[i]];
        const abarPrevious = abarAt(timesteps[i] - stride);
        const step = { predictionType: context.predictionType, abar, abarPrevious, eta, clip };
        return ddimStep(step, x, modelOutput, noise);
      },
    });
  };
};
