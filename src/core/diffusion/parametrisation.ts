// What the network's output means. The one place that knows: losses take their target here, samplers read outputs here.

import { type Floats, mix } from './floats.ts';

/** epsilon: the noise; v_prediction: alpha eps - sigma x_0 (Salimans and Ho 2022); sample: the clean picture. */
export const PREDICTION_TYPES = ['epsilon', 'v_prediction', 'sample'] as const;
export type PredictionType = (typeof PREDICTION_TYPES)[number];

/** x_t = signal x_0 + noise eps, with signal^2 + noise^2 = 1. */
export interface NoiseLevel {
  readonly signal: number;
  readonly noise: number;
}

/** Level at abar = alphas_cumprod[t]. */
export function levelAt(alphaCumprod: number): NoiseLevel {
  return { signal: Math.sqrt(alphaCumprod), noise: Math.sqrt(1 - alphaCumprod) };
}

/** What the network should have answered: the target of the loss. Any layout, one level for the whole array. */
export function predictionTarget<T extends Floats>(
  type: PredictionType,
  x0: T,
  noise: Floats,
  level: NoiseLevel,
): T {
  switch (type) {
    case 'epsilon':
      return mix(x0, [1, noise]);
    case 'v_prediction':
      return mix(x0, [level.signal, noise], [-level.noise, x0]);
    case 'sample':
      return mix(x0, [1, x0]);
  }
}

/** The clean picture x_0 that an output at x_t implies. */
export function toSample<T extends Floats>(type: PredictionType, x: T, output: Floats, level: NoiseLevel): T {
  switch (type) {
    case 'epsilon':
      return mix(x, [1 / level.signal, x], [-level.noise / level.signal, output]);
    case 'v_prediction':
      return mix(x, [level.signal, x], [-level.noise, output]);
    case 'sample':
      return mix(x, [1, output]);
  }
}

/** The noise eps that an output at x_t implies. */
export function toNoise<T extends Floats>(type: PredictionType, x: T, output: Floats, level: NoiseLevel): T {
  switch (type) {
    case 'epsilon':
      return mix(x, [1, output]);
    case 'v_prediction':
      return mix(x, [level.signal, output], [level.noise, x]);
    case 'sample':
      return mix(x, [1 / level.noise, x], [-level.signal / level.noise, output]);
  }
}
