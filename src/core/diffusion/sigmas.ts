// Noise levels as sigma = noise / signal: the coordinate in which Euler, Heun, DPM-Solver++ and UniPC work.

import { linspace } from './rounding.ts';

/** How the levels between the first and the last are spread. */
export const SIGMA_SPREADS = ['timesteps', 'karras', 'exponential'] as const;
export type SigmaSpread = (typeof SIGMA_SPREADS)[number];

/** sqrt((1 - abar) / abar) for every training timestep, ascending. [N] -> [N]. */
export function sigmaTable(alphasCumprod: Float64Array): Float64Array {
  return alphasCumprod.map((abar) => Math.sqrt((1 - abar) / abar));
}

/** Linear interpolation of a table at a fractional timestep, held at both ends. */
export function interpolate(table: Float64Array, timestep: number): number {
  const low = Math.min(Math.max(Math.floor(timestep), 0), table.length - 1);
  const high = Math.min(low + 1, table.length - 1);
  const share = Math.min(Math.max(timestep - low, 0), 1);
  return table[low] + share * (table[high] - table[low]);
}

/** Fractional timestep at which the table reaches `sigma`, linear in log sigma. */
export function sigmaToTimestep(table: Float64Array, sigma: number): number {
  const target = Math.log(Math.max(sigma, 1e-10));
  let low = 0;
  while (low < table.length - 2 && Math.log(table[low + 1]) <= target) low++;
  const below = Math.log(table[low]);
  const above = Math.log(table[low + 1]);
  const share = Math.min(Math.max((below - target) / (below - above), 0), 1);
  return (1 - share) * low + share * (low + 1);
}

/** `count` levels from max to min, dense near min (Karras et al. 2022, equation 5, rho 7). */
export function karrasSigmas(min: number, max: number, count: number, rho = 7): number[] {
  const from = max ** (1 / rho);
  const to = min ** (1 / rho);
  return linspace(0, 1, count).map((ramp) => (from + ramp * (to - from)) ** rho);
}

/** `count` levels from max to min, even in log sigma. */
export function exponentialSigmas(min: number, max: number, count: number): number[] {
  return linspace(Math.log(max), Math.log(min), count).map(Math.exp);
}

/** Respreads `count` levels over [min, max]. */
export function spreadSigmas(
  spread: 'karras' | 'exponential',
  min: number,
  max: number,
  count: number,
): number[] {
  return spread === 'karras' ? karrasSigmas(min, max, count) : exponentialSigmas(min, max, count);
}

/** A level of the variance-preserving process: alpha^2 + sigmaVp^2 = 1, lambda = log(alpha / sigmaVp). */
export interface Level {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

/** Level at sigma = noise / signal (0: no noise, lambda infinite). */
export function levelOf(sigma: number): Level {
  const alpha = 1 / Math.sqrt(sigma * sigma + 1);
  return { alpha, sigma: sigma * alpha, lambda: -Math.log(sigma) };
}
