// The sampling loop: the stepper says where, the denoiser (a network that runs elsewhere) says what, noise is handed in.

import { invariant } from '../base/errors.ts';
import { type Floats, mix } from './floats.ts';
import type { Stepper } from './stepper.ts';

/** Network output at x (already scaled for it) and timestep t, step i; guidance belongs in here. */
export type Denoiser<T extends Floats> = (x: T, t: number, i: number) => Promise<T>;

export interface SampleOptions<T extends Floats> {
  /** Unit noise for step i; asked exactly where the stepper draws. */
  readonly noise?: (i: number) => T;
  /** Checked before every network call; an AbortSignal fits. */
  readonly signal?: { throwIfAborted(): void };
  /** Changes the sample before the network sees it, e.g. pastes known latents at level `stepper.levelBefore(i)`. */
  readonly beforeStep?: (x: T, i: number) => T;
  /** Changes the sample after step i, when it is at level `stepper.levelBefore(i + 1)`. */
  readonly afterStep?: (x: T, i: number) => T;
  /** Told the sample after step i (0-based). */
  readonly onStep?: (i: number, x: T) => void;
}

/** Unit noise scaled to the sample the first step expects. */
export function startFromNoise<T extends Floats>(noise: T, stepper: Stepper): T {
  return mix(noise, [stepper.initNoiseSigma, noise]);
}

/**
 * Runs a fresh stepper from `start` (the sample before the first step) to the end.
 * @returns the last sample; rethrows the signal's reason when cancelled
 */
export async function sample<T extends Floats>(
  denoiser: Denoiser<T>,
  start: T,
  stepper: Stepper,
  options: SampleOptions<T> = {},
): Promise<T> {
  const { noise, signal, beforeStep, afterStep, onStep } = options;
  let x = start;
  for (let i = 0; i < stepper.timesteps.length; i++) {
    signal?.throwIfAborted();
    if (beforeStep) x = beforeStep(x, i);
    const output = await denoiser(stepper.scaleInput(x, i), stepper.timesteps[i], i);
    invariant(noise || stepper.drawsPerStep[i] === 0, `sampler step ${i} needs noise`);
    x = stepper.step(i, x, output, stepper.drawsPerStep[i] === 1 ? noise?.(i) : undefined);
    if (afterStep) x = afterStep(x, i);
    onStep?.(i, x);
  }
  return x;
}
