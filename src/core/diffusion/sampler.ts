// What a sampler family is: a reader of its part of the config that returns a maker of steppers.

import type { ConfigReader } from './config-reader.ts';
import type { NoiseSchedule } from './noise-schedule.ts';
import type { PredictionType } from './parametrisation.ts';
import type { Stepper } from './stepper.ts';
import { type GridConfig, SPACINGS, type Spacing } from './time-grid.ts';

/** What every family gets from the common part of the config. */
export interface SamplerContext {
  readonly schedule: NoiseSchedule;
  readonly predictionType: PredictionType;
}

/** Options of one run that are not part of scheduler_config.json. */
export interface SamplerOptions {
  /** DDIM only: 0 deterministic .. 1 ancestral. */
  readonly eta?: number;
}

export type MakeStepper = (steps: number, options: SamplerOptions) => Stepper;

/** Reads the family's own keys (refusing what is not built) and returns its stepper maker. */
export type SamplerFamily = (reader: ConfigReader, context: SamplerContext) => MakeStepper;

/** The grid keys, which all families share but for the default spacing. */
export function readGrid(reader: ConfigReader, context: SamplerContext, fallback: Spacing): GridConfig {
  return {
    spacing: reader.oneOf('timestep_spacing', SPACINGS, fallback),
    stepsOffset: reader.number('steps_offset', 0, (value) => Number.isInteger(value) && value >= 0),
    numTrainTimesteps: context.schedule.config.numTrainTimesteps,
  };
}
