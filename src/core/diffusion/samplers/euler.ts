// Euler and ancestral Euler in sigma space (Karras et al. 2022, arXiv 2206.00364, algorithm 2 without churn; k-diffusion).

import { type Floats, mix } from '../floats.ts';
import { type PredictionType, toSample } from '../parametrisation.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { eulerSigmas, FINAL_SIGMAS, initialSigma, readSpread } from '../sigma-grid.ts';
import { levelOf } from '../sigmas.ts';
import { stepper } from '../stepper.ts';

/** Factor that turns x = x_0 + sigma eps into what the network was trained on. */
export function inputScale(sigma: number): number {
  return 1 / Math.sqrt(sigma * sigma + 1);
}

/** The clean picture an output implies, where x = x_0 + sigma eps. */
export function denoised<T extends Floats>(type: PredictionType, x: T, output: Floats, sigma: number): T {
  const level = levelOf(sigma);
  return toSample(type, mix(x, [level.alpha, x]), output, { signal: level.alpha, noise: level.sigma });
}

/** x + (to - sigma) * d with slope d = (x - x_0) / sigma. */
function eulerMove<T extends Floats>(x: T, x0: Floats, sigma: number, to: number): T {
  const ratio = (to - sigma) / sigma;
  return mix(x, [1 + ratio, x], [-ratio, x0]);
}

/** diffusers' EulerDiscreteScheduler. */
export const euler: SamplerFamily = (reader, context) => {
  const grid = readGrid(reader, context, 'linspace');
  const final = reader.oneOf('final_sigmas_type', FINAL_SIGMAS, 'zero');
  const spread = readSpread(reader);
  reader.only('interpolation_type', 'linear');
  reader.only('timestep_type', 'discrete');
  reader.only('sigma_min', null);
  reader.only('sigma_max', null);

  return (steps) => {
    const { timesteps, sigmas } = eulerSigmas(steps, grid, context, spread, final);
    return stepper({
      timesteps,
      sigmas,
      initNoiseSigma: initialSigma(grid, sigmas),
      levelBefore: (i) => ({ signal: 1, noise: sigmas[i] }),
      inputScale: (i) => inputScale(sigmas[i]),
      advance(i, x, modelOutput) {
        const x0 = denoised(context.predictionType, x, modelOutput, sigmas[i]);
        return eulerMove(x, x0, sigmas[i], sigmas[i + 1]);
      },
    });
  };
};

/** diffusers' EulerAncestralDiscreteScheduler: steps further down, then adds noise back up to the next level. */
export const eulerAncestral: SamplerFamily = (reader, context) => {
  const grid = readGrid(reader, context, 'linspace');
  reader.only('prediction_type', 'epsilon', 'v_prediction');

  return (steps) => {
    const { timesteps, sigmas } = eulerSigmas(steps, grid, context, 'timesteps', 'zero');
    return stepper({
      timesteps,
      sigmas,
      initNoiseSigma: initialSigma(grid, sigmas),
      takesNoise: () => true,
      levelBefore: (i) => ({ signal: 1, noise: sigmas[i] }),
      inputScale: (i) => inputScale(sigmas[i]),
      advance(i, x, modelOutput, noise) {
        const from = sigmas[i] ** 2;
        const to = sigmas[i + 1] ** 2;
        const up = Math.sqrt((to * (from - to)) / from);
        const down = Math.sqrt(to - up * up);
        const x0 = denoised(context.predictionType, x, modelOutput, sigmas[i]);
        return mix(x, [1, eulerMove(x, x0, sigmas[i], down)], [up, noise as Floats]);
      },
    });
  };
};
