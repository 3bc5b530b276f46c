// Coefficients of the exponential integrators of DPM-Solver (Lu et al. 2022, arXiv 2206.00927) and DPM-Solver++
// (arXiv 2211.01095): x_t = x * x_s + d0 * D0 + d1 * D1 + d2 * D2 + noise * eps.

import type { Level } from '../sigmas.ts';

/** dpmsolver integrates the noise prediction, dpmsolver++ the data prediction; sde-: with fresh noise per step. */
export const ALGORITHMS = ['dpmsolver++', 'dpmsolver', 'sde-dpmsolver++', 'sde-dpmsolver'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export const SOLVER_TYPES = ['midpoint', 'heun'] as const;
export type SolverType = (typeof SOLVER_TYPES)[number];

export interface Coefficients {
  readonly x: number;
  /** On the newest prediction and its first and second differences in lambda. */
  readonly d0: number;
  readonly d1: number;
  readonly d2: number;
  readonly noise: number;
}

/** Nothing moves when a grid repeats its last level. */
const STAY: Coefficients = { x: 1, d0: 0, d1: 0, d2: 0, noise: 0 };

/**
 * From level s to level t. `second` says which second-order rule d1 follows; third-order steps take "heun"'s d1 with d2.
 * Limits at sigma_t = 0 (h infinite) are finite for first-order steps, which is all that end there.
 */
export function dpmCoefficients(algorithm: Algorithm, second: SolverType, s: Level, t: Level): Coefficients {
  const h = t.lambda - s.lambda;
  if (h === 0) return STAY;
  const isMidpoint = second === 'midpoint';
  switch (algorithm) {
    case 'dpmsolver++': {
      const e = Math.expm1(-h);
      const d1 = isMidpoint ? -0.5 * t.alpha * e : t.alpha * (e / h + 1);
      return {
        x: t.sigma / s.sigma,
        d0: -t.alpha * e,
        d1,
        d2: -t.alpha * ((e + h) / (h * h) - 0.5),
        noise: 0,
      };
    }
    case 'dpmsolver': {
      const e = Math.expm1(h);
      const d1 = isMidpoint ? -0.5 * t.sigma * e : -t.sigma * (e / h - 1);
      return {
        x: t.alpha / s.alpha,
        d0: -t.sigma * e,
        d1,
        d2: -t.sigma * ((e - h) / (h * h) - 0.5),
        noise: 0,
      };
    }
    case 'sde-dpmsolver++': {
      const e = -Math.expm1(-2 * h);
      const d1 = isMidpoint ? 0.5 * t.alpha * e : t.alpha * (1 - e / (2 * h));
      const d2 = t.alpha * ((e - 2 * h) / (4 * h * h) - 0.5);
      return {
        x: (t.sigma / s.sigma) * Math.exp(-h),
        d0: t.alpha * e,
        d1,
        d2,
        noise: t.sigma * Math.sqrt(e),
      };
    }
    case 'sde-dpmsolver': {
      const e = Math.expm1(h);
      const d1 = isMidpoint ? -t.sigma * e : -2 * t.sigma * (e / h - 1);
      const noise = t.sigma * Math.sqrt(Math.expm1(2 * h));
      return { x: t.alpha / s.alpha, d0: -2 * t.sigma * e, d1, d2: 0, noise };
    }
  }
}
