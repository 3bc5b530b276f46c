// Samplers by the names people use, on the noise schedule of any pack: one table for the command line and the engine.

import { AppError } from '../base/errors.ts';
import type { ConfigJson } from './config-reader.ts';
import { type Scheduler, schedulerFromConfig } from './scheduler.ts';
import type { Spacing } from './time-grid.ts';

export interface NamedSampler {
  /** Class name in diffusers. */
  readonly className: string;
  /** Keys that make it this sampler, over those of the pack. */
  readonly config: ConfigJson;
  readonly title: string;
}

const MULTISTEP = { algorithm_type: 'dpmsolver++', solver_order: 2, solver_type: 'midpoint' };

export const SAMPLERS = {
  ddim: { className: 'DDIMScheduler', config: {}, title: 'DDIM' },
  ddpm: { className: 'DDPMScheduler', config: { variance_type: 'fixed_small' }, title: 'DDPM' },
  'dpm++2m': { className: 'DPMSolverMultistepScheduler', config: MULTISTEP, title: 'DPM-Solver++ 2M' },
  'dpm++2m-karras': {
    className: 'DPMSolverMultistepScheduler',
    config: { ...MULTISTEP, use_karras_sigmas: true },
    title: 'DPM-Solver++ 2M Karras',
  },
  euler: { className: 'EulerDiscreteScheduler', config: {}, title: 'Euler' },
  'euler-a': { className: 'EulerAncestralDiscreteScheduler', config: {}, title: 'Euler ancestral' },
  heun: { className: 'HeunDiscreteScheduler', config: {}, title: 'Heun' },
  unipc: { className: 'UniPCMultistepScheduler', config: {}, title: 'UniPC' },
  pndm: { className: 'PNDMScheduler', config: { skip_prk_steps: true }, title: 'PNDM (PLMS)' },
} as const satisfies Readonly<Record<string, NamedSampler>>;

export type SamplerName = keyof typeof SAMPLERS;
export const SAMPLER_NAMES = Object.keys(SAMPLERS) as readonly SamplerName[];

/** Keys by which samplers differ; a pack's own values of them belong to its own sampler and do not go over. */
const OWN_KEYS: readonly string[] = [
  'algorithm_type',
  'solver_order',
  'solver_type',
  'variance_type',
  'use_karras_sigmas',
  'use_exponential_sigmas',
  'final_sigmas_type',
  'lower_order_final',
  'euler_at_final',
  'skip_prk_steps',
  'interpolation_type',
  'timestep_type',
  'thresholding',
  'sigma_min',
  'sigma_max',
];

export interface SamplerChoice {
  /** A name of SAMPLERS, a diffusers class name, or null for the pack's own sampler. */
  readonly sampler: string | null;
  readonly spacing?: Spacing;
}

/**
 * Scheduler of a pack's scheduler_config.json under the chosen sampler. The schedule, the meaning of the network's
 * output and the spacing stay the pack's unless the choice says otherwise.
 * @throws AppError usage for an unknown name, unsupported for what the config asks and is not built
 */
export function chooseSampler(pack: ConfigJson, choice: SamplerChoice): Scheduler {
  const { sampler, spacing } = choice;
  const change = spacing === undefined ? {} : { timestep_spacing: spacing };
  if (sampler === null || sampler === pack._class_name) return schedulerFromConfig({ ...pack, ...change });
  if (Object.hasOwn(SAMPLERS, sampler)) {
    const named: NamedSampler = SAMPLERS[sampler as SamplerName];
    return schedulerFromConfig({ ...without(pack, OWN_KEYS), ...named.config, ...change }, named.className);
  }
  const known = Object.values(SAMPLERS).some(({ className }) => className === sampler);
  if (known) return schedulerFromConfig({ ...without(pack, OWN_KEYS), ...change }, sampler);
  throw new AppError('usage', `there is no sampler "${sampler}"`, {
    hint: `Known: ${SAMPLER_NAMES.join(', ')}, or a class name of diffusers.`,
  });
}

function without(json: ConfigJson, keys: readonly string[]): ConfigJson {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}
