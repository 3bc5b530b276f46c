// Noise schedules: how much noise there is at each training timestep. Names as in diffusers' scheduler_config.json.

import { AppError, invariant } from '../base/errors.ts';
import { linspace } from './rounding.ts';

export const BETA_SCHEDULES = ['scaled_linear', 'linear', 'squaredcos_cap_v2'] as const;
export type BetaSchedule = (typeof BETA_SCHEDULES)[number];

export interface NoiseScheduleConfig {
  readonly numTrainTimesteps: number;
  /** Noise variance added by the first and the last step, 0..1. */
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: BetaSchedule;
  /** Given betas; the three fields above are then not used. */
  readonly trainedBetas?: readonly number[] | null;
  /** Shift the schedule so that the last step is pure noise (Lin et al. 2023, arXiv 2305.08891, algorithm 1). */
  readonly rescaleBetasZeroSnr?: boolean;
}

export interface NoiseSchedule {
  readonly config: NoiseScheduleConfig;
  /** [N], variance added from t-1 to t. */
  readonly betas: Float64Array;
  /** [N], share of signal power left at t: x_t = sqrt(abar) x_0 + sqrt(1 - abar) eps (Ho et al. 2020, equation 4). */
  readonly alphasCumprod: Float64Array;
}

/** The schedule of Stable Diffusion 1.x and of the embedded pack, with any number of entries. */
export function stableDiffusionSchedule(numTrainTimesteps = 1000): NoiseScheduleConfig {
  return { numTrainTimesteps, betaStart: 0.00085, betaEnd: 0.012, betaSchedule: 'scaled_linear' };
}

/** Cosine schedule, each beta capped at .999 (Nichol and Dhariwal 2021, equation 17). */
function cosineBetas(count: number): number[] {
  const level = (time: number) => Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return Array.from({ length: count }, (_, i) =>
    Math.min(1 - level((i + 1) / count) / level(i / count), 0.999),
  );
}

/** [N] betas of a config, before any zero-SNR shift. */
function betasOf(config: NoiseScheduleConfig): number[] {
  const { numTrainTimesteps, betaStart, betaEnd, betaSchedule, trainedBetas } = config;
  if (trainedBetas) return [...trainedBetas];
  switch (betaSchedule) {
    case 'linear':
      return linspace(betaStart, betaEnd, numTrainTimesteps);
    case 'scaled_linear':
      return linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), numTrainTimesteps).map((root) => root * root);
    case 'squaredcos_cap_v2':
      return cosineBetas(numTrainTimesteps);
  }
}

/** sqrt(abar) shifted to end at 0 and scaled to keep its first value; betas from its ratios. */
function zeroTerminalSnr(betas: readonly number[]): number[] {
  const roots = Array.from(cumulativeProduct(betas), Math.sqrt);
  const first = roots[0];
  const last = roots[roots.length - 1];
  const abar = roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
  return abar.map((value, i) => 1 - value / (i === 0 ? 1 : abar[i - 1]));
}

function cumulativeProduct(betas: readonly number[]): Float64Array {
  let product = 1;
  return Float64Array.from(betas, (beta) => (product *= 1 - beta));
}

/** Builds the tables. Throws bad-pack when the numbers do not make a schedule. */
export function noiseSchedule(config: NoiseScheduleConfig): NoiseSchedule {
  const { numTrainTimesteps } = config;
  invariant(
    Number.isInteger(numTrainTimesteps) && numTrainTimesteps > 1,
    `bad timestep count ${numTrainTimesteps}`,
  );
  let betas = betasOf(config);
  if (betas.length !== numTrainTimesteps || !betas.every((beta) => beta > 0 && beta < 1)) {
    throw new AppError('bad-pack', `scheduler: betas must be ${numTrainTimesteps} numbers between 0 and 1`);
  }
  if (config.rescaleBetasZeroSnr) betas = zeroTerminalSnr(betas);
  return { config, betas: Float64Array.from(betas), alphasCumprod: cumulativeProduct(betas) };
}
