// Heun's second-order method in sigma space (Karras et al. 2022, arXiv 2206.00364, algorithm 1): two calls per step.

import { type Floats, mix } from '../floats.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { eulerSigmas, initialSigma, readSpread } from '../sigma-grid.ts';
import { stepper } from '../stepper.ts';
import { denoised, inputScale } from './euler.ts';

/** diffusers' HeunDiscreteScheduler: 2N - 1 calls, the last step is Euler's. sigmas holds inner levels twice. */
export const heun: SamplerFamily = (reader, context) => {
  const grid = readGrid(reader, context, 'linspace');
  const spread = readSpread(reader);
  reader.only('prediction_type', 'epsilon', 'v_prediction');
  reader.only('clip_sample', false);

  return (steps) => {
    const base = eulerSigmas(steps, grid, context, spread, 'zero');
    const twice = (values: readonly number[]) => values.flatMap((value) => [value, value]);
    const timesteps = [base.timesteps[0], ...twice(base.timesteps.slice(1))];
    const sigmas = [base.sigmas[0], ...twice(base.sigmas.slice(1, -1)), base.sigmas[steps]];
    let origin: Floats;
    let slope: Floats;

    return stepper({
      timesteps,
      sigmas,
      initNoiseSigma: initialSigma(grid, sigmas),
      levelBefore: (i) => ({ signal: 1, noise: sigmas[i] }),
      inputScale: (i) => inputScale(sigmas[i]),
      advance<T extends Floats>(i: number, x: T, modelOutput: T): T {
        const x0 = denoised(context.predictionType, x, modelOutput, sigmas[i]);
        const here = mix(x, [1 / sigmas[i], x], [-1 / sigmas[i], x0]);
        if (i % 2 === 0) {
          origin = x;
          slope = here;
          return mix(x, [1, x], [sigmas[i + 1] - sigmas[i], here]);
        }
        const half = (sigmas[i] - sigmas[i - 1]) / 2;
        return mix(x, [1, origin], [half, slope], [half, here]);
      },
    });
  };
};
