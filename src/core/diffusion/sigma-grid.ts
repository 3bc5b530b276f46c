// The levels a sigma-based sampler visits, together with the timesteps the network is asked at.

import type { ConfigReader } from './config-reader.ts';
import type { NoiseSchedule } from './noise-schedule.ts';
import { roundHalfEven } from './rounding.ts';
import type { SamplerContext } from './sampler.ts';
import { interpolate, type SigmaSpread, sigmaTable, sigmaToTimestep, spreadSigmas } from './sigmas.ts';
import { type GridConfig, multistepGrid, singleStepGrid } from './time-grid.ts';

export const FINAL_SIGMAS = ['zero', 'sigma_min'] as const;
export type FinalSigma = (typeof FINAL_SIGMAS)[number];

export interface SigmaGrid {
  readonly timesteps: number[];
  /** One more than timesteps: the last is where the sampler ends. */
  readonly sigmas: number[];
}

/** Smallest abar a sigma may be taken of: fp16's smallest positive number, as diffusers puts it. */
const SMALLEST_ABAR = 2 ** -24;

/** Sigma table of a schedule; a zero-SNR schedule's last abar is lifted off zero. */
export function sigmasOf(schedule: NoiseSchedule): Float64Array {
  const abar = schedule.alphasCumprod.slice();
  if (schedule.config.rescaleBetasZeroSnr) abar[abar.length - 1] = SMALLEST_ABAR;
  return sigmaTable(abar);
}

/** Which spread the config asks for. The two switches exclude each other. */
export function readSpread(reader: ConfigReader): SigmaSpread {
  const karras = reader.flag('use_karras_sigmas', false);
  const exponential = reader.flag('use_exponential_sigmas', false);
  if (karras) reader.only('use_exponential_sigmas', false);
  reader.only('use_beta_sigmas', false, null);
  reader.only('use_flow_sigmas', false, null);
  reader.only('use_lu_lambdas', false, null);
  reader.only('use_dynamic_shifting', false, null);
  if (karras) return 'karras';
  return exponential ? 'exponential' : 'timesteps';
}

/**
 * Grid of DPM-Solver++ and UniPC: timesteps are whole numbers; a respread covers the whole table, whatever the spacing.
 * Final "sigma_min" ends at timestep 0 (SeaS's older scheduler did), "zero" at the clean sample.
 */
export function multistepSigmas(
  steps: number,
  grid: GridConfig,
  context: SamplerContext,
  spread: SigmaSpread,
  final: FinalSigma,
): SigmaGrid {
  const table = sigmasOf(context.schedule);
  const last = final === 'zero' ? 0 : table[0];
  if (spread === 'timesteps') {
    const timesteps = multistepGrid(steps, grid);
    return { timesteps, sigmas: [...timesteps.map((t) => interpolate(table, t)), last] };
  }
  const sigmas = spreadSigmas(spread, table[0], table[table.length - 1], steps);
  const toWhole = spread === 'karras' ? roundHalfEven : Math.trunc;
  return {
    timesteps: sigmas.map((sigma) => toWhole(sigmaToTimestep(table, sigma))),
    sigmas: [...sigmas, last],
  };
}

/** Grid of the Euler family: fractional timesteps; a respread covers only what the spacing visits. */
export function eulerSigmas(
  steps: number,
  grid: GridConfig,
  context: SamplerContext,
  spread: SigmaSpread,
  final: FinalSigma,
): SigmaGrid {
  const table = sigmasOf(context.schedule);
  const last = final === 'zero' ? 0 : table[0];
  const timesteps = singleStepGrid(steps, grid, true);
  const visited = timesteps.map((t) => interpolate(table, t));
  if (spread === 'timesteps') return { timesteps, sigmas: [...visited, last] };
  const sigmas = spreadSigmas(spread, visited[steps - 1], visited[0], steps);
  return { timesteps: sigmas.map((sigma) => sigmaToTimestep(table, sigma)), sigmas: [...sigmas, last] };
}

/** Standard deviation of an Euler-family start: "leading" grids do not begin at the very end of the schedule. */
export function initialSigma(grid: GridConfig, sigmas: readonly number[]): number {
  const max = Math.max(...sigmas);
  return grid.spacing === 'leading' ? Math.sqrt(max * max + 1) : max;
}
