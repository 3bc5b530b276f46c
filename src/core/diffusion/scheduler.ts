// From diffusers' scheduler_config.json to a noise schedule, the meaning of the network's output, and a sampler.

import { AppError } from '../base/errors.ts';
import { type ConfigJson, type ConfigReader, configReader } from './config-reader.ts';
import { BETA_SCHEDULES, type NoiseSchedule, noiseSchedule } from './noise-schedule.ts';
import { PREDICTION_TYPES, type PredictionType } from './parametrisation.ts';
import type { SamplerFamily, SamplerOptions } from './sampler.ts';
import { ddim } from './samplers/ddim.ts';
import { ddpm } from './samplers/ddpm.ts';
import { dpmSolverMultistep } from './samplers/dpm-solver.ts';
import { euler, eulerAncestral } from './samplers/euler.ts';
import { heun } from './samplers/heun.ts';
import { pndm } from './samplers/pndm.ts';
import { unipc } from './samplers/unipc.ts';
import type { Stepper } from './stepper.ts';

const FAMILIES: Readonly<Record<string, SamplerFamily>> = {
  DDIMScheduler: ddim,
  DDPMScheduler: ddpm,
  DPMSolverMultistepScheduler: dpmSolverMultistep,
  EulerDiscreteScheduler: euler,
  EulerAncestralDiscreteScheduler: eulerAncestral,
  HeunDiscreteScheduler: heun,
  PNDMScheduler: pndm,
  UniPCMultistepScheduler: unipc,
};

/** Class names this understands, for messages and choices. */
export const SCHEDULER_CLASSES: readonly string[] = Object.keys(FAMILIES);

export interface Scheduler {
  readonly className: string;
  readonly schedule: NoiseSchedule;
  readonly predictionType: PredictionType;
  /** A new run of `steps` sampling steps. Throws usage when the number does not fit the schedule. */
  stepper(steps: number, options?: SamplerOptions): Stepper;
}

/**
 * Object of a scheduler_config.json. Python writes a default of minus infinity (lambda_min_clipped) as the word, which
 * is not JSON; it is read as null. Throws bad-pack when the text is not such an object.
 */
export function parseSchedulerJson(text: string, file?: string): ConfigJson {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/(":\s*)-Infinity(?=\s*[,}])/g, '$1null'));
  } catch (cause) {
    throw new AppError('bad-pack', 'scheduler config is not valid JSON', { file }, cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ConfigJson;
  throw new AppError('bad-pack', 'scheduler config is not a JSON object', { file });
}

function readSchedule(reader: ConfigReader): NoiseSchedule {
  const isHeun = reader.className === 'HeunDiscreteScheduler';
  const isShare = (value: number) => value > 0 && value < 1;
  return noiseSchedule({
    numTrainTimesteps: reader.number(
      'num_train_timesteps',
      1000,
      (n) => Number.isInteger(n) && n > 1 && n <= 1e6,
    ),
    betaStart: reader.number('beta_start', isHeun ? 0.00085 : 0.0001, isShare),
    betaEnd: reader.number('beta_end', isHeun ? 0.012 : 0.02, isShare),
    betaSchedule: reader.oneOf('beta_schedule', BETA_SCHEDULES, 'linear'),
    trainedBetas: reader.numbers('trained_betas'),
    rescaleBetasZeroSnr: reader.flag('rescale_betas_zero_snr', false),
  });
}

/**
 * Scheduler of a config as diffusers writes it (missing keys take the class's defaults).
 * @param className overrides `_class_name`: another sampler on the same schedule
 * @throws AppError unsupported, naming class, key and value, for anything that is not built
 */
export function schedulerFromConfig(json: ConfigJson, className = json._class_name): Scheduler {
  if (typeof className !== 'string' || !Object.hasOwn(FAMILIES, className)) {
    throw new AppError('unsupported', `scheduler class ${JSON.stringify(className)} is not supported`, {
      hint: `Known: ${SCHEDULER_CLASSES.join(', ')}.`,
    });
  }
  const reader = configReader(json, className);
  const schedule = readSchedule(reader);
  const predictionType = reader.oneOf('prediction_type', PREDICTION_TYPES, 'epsilon');
  const makeStepper = FAMILIES[className](reader, { schedule, predictionType });
  return {
    className,
    schedule,
    predictionType,
    stepper(steps, options = {}) {
      const { eta = 0 } = options;
      if (!(eta >= 0 && eta <= 1)) throw new AppError('usage', `eta must be between 0 and 1, not ${eta}`);
      if (eta !== 0 && className !== 'DDIMScheduler') {
        throw new AppError('usage', `eta is an option of DDIMScheduler, ${className} has none`);
      }
      return makeStepper(steps, options);
    },
  };
}
