// DPM-Solver++ multistep (Lu et al. 2022, arXiv 2211.01095, algorithm 2), orders 1 to 3, with the noise-space and SDE forms.

import { type Floats, mix, type Term } from '../floats.ts';
import { toNoise, toSample } from '../parametrisation.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { FINAL_SIGMAS, multistepSigmas, readSpread } from '../sigma-grid.ts';
import { levelOf } from '../sigmas.ts';
import { stepper } from '../stepper.ts';
import { ALGORITHMS, dpmCoefficients, SOLVER_TYPES } from './dpm-coefficients.ts';

/** Below this many steps the last ones use lower orders: a high order is unstable there. */
const FEW_STEPS = 15;

/**
 * diffusers' DPMSolverMultistepScheduler. final_sigmas_type "zero" makes the last step first-order; SeaS's older
 * scheduler is "sigma_min".
 */
export const dpmSolverMultistep: SamplerFamily = (reader, context) => {
  const grid = readGrid(reader, context, 'linspace');
  // Names of other solvers' forms, left in a config by a change of scheduler, mean the default here, as in diffusers.
  const givenAlgorithm = reader.oneOf('algorithm_type', [...ALGORITHMS, 'deis'], 'dpmsolver++');
  const algorithm = givenAlgorithm === 'deis' ? 'dpmsolver++' : givenAlgorithm;
  const final = reader.oneOf('final_sigmas_type', FINAL_SIGMAS, 'zero');
  const maxOrder = reader.number('solver_order', 2, (order) => order === 1 || order === 2 || order === 3);
  const givenType = reader.oneOf('solver_type', [...SOLVER_TYPES, 'logrho', 'bh1', 'bh2'], 'midpoint');
  const solverType = givenType === 'heun' ? 'heun' : 'midpoint';
  const lowerOrderFinal = reader.flag('lower_order_final', true);
  const eulerAtFinal = reader.flag('euler_at_final', false);
  const spread = readSpread(reader);
  reader.only('thresholding', false);
  reader.only('variance_type', null);
  reader.only('lambda_min_clipped', null, -Infinity);
  const predictsData = algorithm === 'dpmsolver++' || algorithm === 'sde-dpmsolver++';
  if (!predictsData) reader.only('final_sigmas_type', 'sigma_min');
  if (algorithm === 'sde-dpmsolver') reader.only('solver_order', 1, 2);
  const isSde = algorithm.startsWith('sde-');

  return (steps) => {
    const { timesteps, sigmas } = multistepSigmas(steps, grid, context, spread, final);
    const levels = sigmas.map(levelOf);
    const predictions: Floats[] = []; // newest first

    const orderOf = (i: number): number => {
      const isFew = steps < FEW_STEPS;
      const isLast = i === steps - 1;
      if (isLast && (eulerAtFinal || final === 'zero' || (lowerOrderFinal && isFew))) return 1;
      const cap = i === steps - 2 && lowerOrderFinal && isFew ? 2 : 3;
      return Math.min(maxOrder, predictions.length, cap);
    };

    return stepper({
      timesteps,
      sigmas,
      takesNoise: () => isSde,
      levelBefore: (i) => ({ signal: levels[i].alpha, noise: levels[i].sigma }),
      advance(i, x, modelOutput, noise) {
        const { predictionType } = context;
        const level = { signal: levels[i].alpha, noise: levels[i].sigma };
        const predict = predictsData ? toSample : toNoise;
        predictions.unshift(predict(predictionType, x, modelOutput, level));
        predictions.length = Math.min(predictions.length, maxOrder);

        const order = orderOf(i);
        const c = dpmCoefficients(algorithm, order === 3 ? 'heun' : solverType, levels[i], levels[i + 1]);
        const [m0, m1, m2] = predictions;
        const h = levels[i + 1].lambda - levels[i].lambda;
        const terms: Term[] = [[c.x, x]];
        if (order === 1) {
          terms.push([c.d0, m0]);
        } else if (order === 2) {
          const r0 = (levels[i].lambda - levels[i - 1].lambda) / h;
          terms.push([c.d0 + c.d1 / r0, m0], [-c.d1 / r0, m1]);
        } else {
          const r0 = (levels[i].lambda - levels[i - 1].lambda) / h;
          const r1 = (levels[i - 1].lambda - levels[i - 2].lambda) / h;
          // D1 = D10 + r0/(r0+r1) (D10 - D11), D2 = (D10 - D11)/(r0+r1), with D10 = (m0-m1)/r0 and D11 = (m1-m2)/r1.
          const onD10 = c.d1 + (c.d1 * r0 + c.d2) / (r0 + r1);
          const onD11 = -(c.d1 * r0 + c.d2) / (r0 + r1);
          terms.push([c.d0 + onD10 / r0, m0], [onD11 / r1 - onD10 / r0, m1], [-onD11 / r1, m2]);
        }
        if (noise) terms.push([c.noise, noise]);
        return mix(x, ...terms);
      },
    });
  };
};
