// UniPC (Zhao et al. 2023, arXiv 2302.04867): a predictor whose next network call also corrects the step before.

import { type Floats, mix, type Term } from '../floats.ts';
import { toNoise, toSample } from '../parametrisation.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { FINAL_SIGMAS, multistepSigmas, readSpread } from '../sigma-grid.ts';
import { levelOf } from '../sigmas.ts';
import { stepper } from '../stepper.ts';
import { BH_TYPES, unipcWeights } from './unipc-coefficients.ts';

/**
 * diffusers' UniPCMultistepScheduler. Where that one gives NaN (bh1 with final sigma "zero": 0 * infinity) the last
 * step is the plain first-order one, as with bh2.
 */
export const unipc: SamplerFamily = (reader, context) => {
  const grid = readGrid(reader, context, 'linspace');
  const final = reader.oneOf('final_sigmas_type', FINAL_SIGMAS, 'zero');
  const maxOrder = reader.number('solver_order', 2, (order) => order === 1 || order === 2 || order === 3);
  const givenType = reader.oneOf('solver_type', [...BH_TYPES, 'midpoint', 'heun', 'logrho'], 'bh2');
  const bhType = givenType === 'bh1' ? 'bh1' : 'bh2';
  const predictsData = reader.flag('predict_x0', true);
  const lowerOrderFinal = reader.flag('lower_order_final', true);
  const uncorrected = new Set(reader.numbers('disable_corrector'));
  const spread = readSpread(reader);
  reader.only('thresholding', false);
  reader.only('solver_p', null);

  return (steps) => {
    const { timesteps, sigmas } = multistepSigmas(steps, grid, context, spread, final);
    const levels = sigmas.map(levelOf);
    const predictions: Floats[] = []; // of past steps, newest first
    let lastSample: Floats | undefined;
    let lastOrder = 1;

    const orderOf = (i: number): number => {
      const cap = sigmas[i + 1] === 0 ? 1 : lowerOrderFinal ? steps - i : maxOrder;
      return Math.min(maxOrder, i + 1, cap);
    };

    /**
     * From level i - 1 or i (`from`) to the next, with `past` predictions newest first and, for the corrector, the new
     * prediction at the end of the step.
     */
    const move = <T extends Floats>(
      x: T,
      from: number,
      order: number,
      past: readonly Floats[],
      arrived?: Floats,
    ): T => {
      const s = levels[from];
      const t = levels[from + 1];
      const h = t.lambda - s.lambda;
      if (h === 0) return mix(x, [1, x]);
      const older = Array.from({ length: order - 1 }, (_, k) => k + 1);
      const ratios = older.map((k) => (levels[from - k].lambda - s.lambda) / h);
      const others = older.map((k) => past[k]);
      if (arrived) {
        ratios.push(1);
        others.push(arrived);
      }
      const { phi1, b, rhos } = unipcWeights(bhType, predictsData ? -h : h, ratios);
      const scale = predictsData ? t.alpha : t.sigma;
      const terms: Term[] = [[predictsData ? t.sigma / s.sigma : t.alpha / s.alpha, x]];
      let onNewest = -scale * phi1;
      rhos.forEach((rho, k) => {
        const weight = (-scale * b * rho) / ratios[k];
        terms.push([weight, others[k]]);
        onNewest -= weight;
      });
      return mix(x, ...terms, [onNewest, past[0]]);
    };

    return stepper({
      timesteps,
      sigmas,
      levelBefore: (i) => ({ signal: levels[i].alpha, noise: levels[i].sigma }),
      advance<T extends Floats>(i: number, x: T, modelOutput: T): T {
        const level = { signal: levels[i].alpha, noise: levels[i].sigma };
        const predict = predictsData ? toSample : toNoise;
        const arrived = predict(context.predictionType, x, modelOutput, level);
        const isCorrected = i > 0 && !uncorrected.has(i - 1);
        const sample = isCorrected ? move(lastSample as T, i - 1, lastOrder, predictions, arrived) : x;
        predictions.unshift(arrived);
        predictions.length = Math.min(predictions.length, maxOrder);
        lastSample = sample;
        lastOrder = orderOf(i);
        return move(sample, i, lastOrder, predictions);
      },
    });
  };
};
