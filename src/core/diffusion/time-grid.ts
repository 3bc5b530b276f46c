// Which training timesteps a sampler visits. Names and arithmetic of the three spacings as in diffusers
// (Lin et al. 2023, arXiv 2305.08891, table 2).

import { AppError } from '../base/errors.ts';
import { linspace, roundHalfEven } from './rounding.ts';

export const SPACINGS = ['leading', 'linspace', 'trailing'] as const;
export type Spacing = (typeof SPACINGS)[number];

export interface GridConfig {
  readonly spacing: Spacing;
  /** Added to "leading" timesteps only. SD 1.x: 1. */
  readonly stepsOffset: number;
  readonly numTrainTimesteps: number;
}

function checkSteps(steps: number, limit: number): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > limit) {
    throw new AppError('usage', `sampling steps must be a whole number from 1 to ${limit}, not ${steps}`);
  }
}

function checkTimesteps(timesteps: readonly number[], numTrainTimesteps: number): number[] {
  for (const t of timesteps) {
    if (t < 0 || t > numTrainTimesteps - 1) {
      throw new AppError(
        'usage',
        `steps_offset or the number of steps leads to timestep ${t}, outside 0..${numTrainTimesteps - 1}`,
      );
    }
  }
  return [...timesteps];
}

/** T, T - T/n, T - 2T/n, ... (n values), rounded, minus one. */
function trailing(steps: number, numTrainTimesteps: number): number[] {
  // NumPy's arange steps by the difference of its first two values; the last bit decides ties (48 steps: 937.5).
  const delta = numTrainTimesteps - numTrainTimesteps / steps - numTrainTimesteps;
  return Array.from({ length: steps }, (_, i) => roundHalfEven(numTrainTimesteps + i * delta) - 1);
}

function leading(count: number, ratio: number, offset: number): number[] {
  return Array.from({ length: count }, (_, i) => i * ratio + offset).reverse();
}

/**
 * Grid of DDIM, DDPM, PNDM and the Euler family: `steps` timesteps, descending; "leading" divides by N.
 * @param fractional keep linspace timesteps unrounded (Euler family)
 */
export function singleStepGrid(steps: number, config: GridConfig, fractional = false): number[] {
  const { spacing, stepsOffset, numTrainTimesteps } = config;
  checkSteps(steps, numTrainTimesteps);
  switch (spacing) {
    case 'linspace': {
      const grid = linspace(0, numTrainTimesteps - 1, steps).reverse();
      return fractional ? grid : grid.map(roundHalfEven);
    }
    case 'leading':
      return checkTimesteps(
        leading(steps, Math.floor(numTrainTimesteps / steps), stepsOffset),
        numTrainTimesteps,
      );
    case 'trailing':
      return checkTimesteps(trailing(steps, numTrainTimesteps), numTrainTimesteps);
  }
}

/** Grid of DPM-Solver++ and UniPC: as above but for N + 1 points, the last (t near 0) left out; "leading" divides by N + 1. */
export function multistepGrid(steps: number, config: GridConfig): number[] {
  const { spacing, stepsOffset, numTrainTimesteps } = config;
  checkSteps(steps, numTrainTimesteps - 1);
  switch (spacing) {
    case 'linspace':
      return linspace(0, numTrainTimesteps - 1, steps + 1)
        .map(roundHalfEven)
        .reverse()
        .slice(0, -1);
    case 'leading': {
      const grid = leading(steps + 1, Math.floor(numTrainTimesteps / (steps + 1)), stepsOffset).slice(0, -1);
      return checkTimesteps(grid, numTrainTimesteps);
    }
    case 'trailing':
      return checkTimesteps(trailing(steps, numTrainTimesteps), numTrainTimesteps);
  }
}
