// Ancestral DDIM (eta 1) for windows: from pure noise, or from a noised composite (embedded-pack.md 2 and 9).

import { addNoise } from '../../diffusion/noising.ts';
import { levelAt, type PredictionType } from '../../diffusion/parametrisation.ts';
import { ddimStep } from '../../diffusion/samplers/ddim.ts';

export const WINDOW_STEPS = 20;
const FEWEST_STEPS = 4;

export interface AncestralSchedule {
  /** Never rising; the network is asked at each. */
  readonly timesteps: readonly number[];
}

/** `variation` 0..1: how much noise generation starts from; 1 = pure noise at t = 999. */
export function ancestralSchedule(variation = 1): AncestralSchedule {
  const top = Math.max(1, Math.round(999 * variation));
  const steps = Math.max(FEWEST_STEPS, Math.round(WINDOW_STEPS * variation));
  return { timesteps: Array.from({ length: steps }, (_, i) => Math.round(top * (1 - i / steps))) };
}

export interface AncestralStep {
  readonly predictionType: PredictionType;
  readonly alphasCumprod: ArrayLike<number>;
  readonly schedule: AncestralSchedule;
  readonly index: number;
}

/**
 * One step of one window's latent [4,h,w]: ancestral DDIM, then the known surroundings at the new noise level
 * (`known` noised with the window's own start noise) wherever `keep` [h,w] is 1.
 */
export function ancestralStep(
  step: AncestralStep,
  x: Float32Array,
  output: Float32Array,
  noise: Float32Array,
  surroundings: {
    readonly known: Float32Array;
    readonly startNoise: Float32Array;
    readonly keep: Uint8Array;
  },
): Float32Array {
  const { predictionType, alphasCumprod, schedule, index } = step;
  const { timesteps } = schedule;
  const last = index + 1 === timesteps.length;
  const abarPrevious = last ? 1 : alphasCumprod[timesteps[index + 1]];
  const next = ddimStep(
    { predictionType, abar: alphasCumprod[timesteps[index]], abarPrevious, eta: 1, clip: null },
    x,
    output,
    noise,
  );
  const known = addNoise(surroundings.known, surroundings.startNoise, levelAt(abarPrevious));
  const plane = surroundings.keep.length;
  for (let i = 0; i < next.length; i++) if (surroundings.keep[i % plane]) next[i] = known[i];
  return next;
}
