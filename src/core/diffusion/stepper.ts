// A sampler as a stepper: which timesteps to ask the network about, and how its answers move the sample.

import { invariant } from '../base/errors.ts';
import { type Floats, mix } from './floats.ts';
import type { NoiseLevel } from './parametrisation.ts';

/**
 * One sampling run. Holds what multistep methods remember, so make a new one per run and call step with 0, 1, 2, ...
 * The sample is flat, any layout; all its arithmetic is elementwise.
 */
export interface Stepper {
  /** One per network call, as the network gets them; Euler's and Heun's may be fractional. */
  readonly timesteps: readonly number[];
  /** Levels of sigma-based methods, one more than timesteps (Heun: doubled); null for the others. */
  readonly sigmas: readonly number[] | null;
  /** Unit noise times this is the sample before the first step. */
  readonly initNoiseSigma: number;
  /** Noise arrays each step takes: 0 or 1. Part of a recipe's identity. */
  readonly drawsPerStep: readonly number[];
  /** Coefficients of x_0 and noise in the sample before step i; i = timesteps.length: after the last. */
  levelBefore(i: number): NoiseLevel;
  /** What the network gets to see: the sample itself, or scaled down for the Euler family. */
  scaleInput<T extends Floats>(x: T, i: number): T;
  /** The next sample. `noise` is needed where drawsPerStep says so. Inputs are not changed. */
  step<T extends Floats>(i: number, x: T, modelOutput: T, noise?: T): T;
}

/** What a sampler family provides; `stepper` adds the checks. */
export interface StepperParts {
  readonly timesteps: readonly number[];
  readonly sigmas?: readonly number[];
  readonly initNoiseSigma?: number;
  /** Whether step i takes noise; default: none does. */
  readonly takesNoise?: (i: number) => boolean;
  readonly levelBefore: (i: number) => NoiseLevel;
  /** Factor on the network's input, default 1. */
  readonly inputScale?: (i: number) => number;
  readonly advance: <T extends Floats>(i: number, x: T, modelOutput: T, noise: T | undefined) => T;
}

/** Makes a stepper that insists on steps in order and on noise exactly where it is used. */
export function stepper(parts: StepperParts): Stepper {
  const { timesteps, takesNoise = () => false, inputScale } = parts;
  const drawsPerStep = timesteps.map((_, i) => (takesNoise(i) ? 1 : 0));
  let next = 0;
  return {
    timesteps,
    sigmas: parts.sigmas ?? null,
    initNoiseSigma: parts.initNoiseSigma ?? 1,
    drawsPerStep,
    levelBefore: parts.levelBefore,
    scaleInput: (x, i) => (inputScale ? mix(x, [inputScale(i), x]) : x),
    step(i, x, modelOutput, noise) {
      invariant(
        i === next && i < timesteps.length,
        `sampler step ${i} called, expected ${next} of ${timesteps.length}`,
      );
      invariant(
        (noise !== undefined) === (drawsPerStep[i] === 1),
        `sampler step ${i} takes ${drawsPerStep[i]} draws`,
      );
      next++;
      return parts.advance(i, x, modelOutput, noise);
    },
  };
}
