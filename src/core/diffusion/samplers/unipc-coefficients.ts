// The weights of UniPC's predictor and corrector (Zhao et al. 2023, arXiv 2302.04867, section 3.2 and appendix A).

import { solveLinear } from '../linear-solve.ts';
import { linspace } from '../rounding.ts';

/** B(h): h itself, or e^h - 1. */
export const BH_TYPES = ['bh2', 'bh1'] as const;
export type BhType = (typeof BH_TYPES)[number];

export interface UnipcWeights {
  /** e^hh - 1: weight of the newest known prediction. */
  readonly phi1: number;
  /** B(h), factor on all differences. */
  readonly b: number;
  /** One weight per entry of `ratios`. */
  readonly rhos: readonly number[];
}

/**
 * @param hh -h for data prediction, h for noise prediction
 * @param ratios r_k = (lambda_k - lambda_0) / h of the older predictions used; the corrector appends 1 (the new one)
 */
export function unipcWeights(bhType: BhType, hh: number, ratios: readonly number[]): UnipcWeights {
  const phi1 = Math.expm1(hh);
  const b = bhType === 'bh1' ? hh : phi1;
  const count = ratios.length;
  if (count === 0) return { phi1, b, rhos: [] };
  // One difference: 1/2 serves both B(h) (the paper's remark), as diffusers has it.
  if (count === 1) return { phi1, b, rhos: [0.5] };
  const powers = linspace(0, count - 1, count);
  const matrix = powers.map((power) => ratios.map((ratio) => ratio ** power));
  const right: number[] = [];
  let factorial = 1;
  let phi = phi1 / hh - 1;
  for (let k = 1; k <= count; k++) {
    right.push((phi * factorial) / b);
    factorial *= k + 1;
    phi = phi / hh - 1 / factorial;
  }
  return { phi1, b, rhos: solveLinear(matrix, right) };
}
