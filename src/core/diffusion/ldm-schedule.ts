// The scheduler of an original-layout file: from its betas, as far as it holds them.

import type { ConfigJson } from './config-reader.ts';
import { type BetaSchedule, noiseSchedule, stableDiffusionSchedule } from './noise-schedule.ts';

/** A beta kept as fp16 is off by at most 2^-11 of itself, near zero by 2^-25. */
const CLOSE = { relative: 6e-4, absolute: 4e-8 };

function isClose(stored: readonly number[], made: Float64Array): boolean {
  return (
    stored.length === made.length &&
    stored.every((b, i) => Math.abs(b - made[i]) <= CLOSE.relative * made[i] + CLOSE.absolute)
  );
}

/** Schedules of two end points that published models use; null where the betas are none of them. */
function namedSchedule(betas: readonly number[]): ConfigJson | null {
  const sd = stableDiffusionSchedule(betas.length);
  if (isClose(betas, noiseSchedule(sd).betas)) {
    return { beta_schedule: sd.betaSchedule, beta_start: sd.betaStart, beta_end: sd.betaEnd };
  }
  for (const betaSchedule of ['scaled_linear', 'linear'] satisfies BetaSchedule[]) {
    const [betaStart, betaEnd] = [betas[0], betas[betas.length - 1]];
    const made = noiseSchedule({ numTrainTimesteps: betas.length, betaStart, betaEnd, betaSchedule });
    if (isClose(betas, made.betas))
      return { beta_schedule: betaSchedule, beta_start: betaStart, beta_end: betaEnd };
  }
  return null;
}

/**
 * Configuration of the sampler Stable Diffusion 1.x was published with, on the file's betas.
 * @param betas null where the file holds none: those of SD 1.x are taken
 */
export function ldmSchedulerConfig(
  betas: readonly number[] | null,
  options: { readonly predictionType?: string; readonly zeroSnr?: boolean } = {},
): ConfigJson {
  const own = betas ?? [...noiseSchedule(stableDiffusionSchedule()).betas];
  const named = own.length > 1 && own.every((b) => b > 0 && b < 1) ? namedSchedule(own) : null;
  return {
    _class_name: 'PNDMScheduler',
    num_train_timesteps: own.length,
    ...(named ?? { trained_betas: own }),
    ...(options.zeroSnr ? { rescale_betas_zero_snr: true } : {}),
    prediction_type: options.predictionType ?? 'epsilon',
    timestep_spacing: 'leading',
    steps_offset: 1,
    set_alpha_to_one: false,
    skip_prk_steps: true,
    clip_sample: false,
  };
}
