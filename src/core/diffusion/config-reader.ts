// Reading a scheduler_config.json: defaults as in diffusers, everything we do not do refused by name.

import { AppError } from '../base/errors.ts';

export type ConfigJson = Readonly<Record<string, unknown>>;

/** Keys that diffusers' schedulers know. A class ignores those of the others, as diffusers does. */
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  (
    'num_train_timesteps beta_start beta_end beta_schedule trained_betas prediction_type timestep_spacing steps_offset ' +
    'rescale_betas_zero_snr clip_sample clip_sample_range set_alpha_to_one skip_prk_steps thresholding ' +
    'dynamic_thresholding_ratio sample_max_value variance_type solver_order solver_type solver_p algorithm_type ' +
    'lower_order_final euler_at_final use_karras_sigmas use_exponential_sigmas use_beta_sigmas use_lu_lambdas ' +
    'use_flow_sigmas flow_shift use_dynamic_shifting time_shift_type final_sigmas_type lambda_min_clipped ' +
    'interpolation_type timestep_type sigma_min sigma_max predict_x0 disable_corrector ' +
    'shift_terminal sigma_data invert_sigmas'
  ).split(' '),
);

/** Typed access to a config. Every getter throws unsupported, naming class, key, value and what is known. */
export interface ConfigReader {
  readonly className: string;
  number(key: string, fallback: number, check?: (value: number) => boolean): number;
  flag(key: string, fallback: boolean): boolean;
  oneOf<T extends string>(key: string, known: readonly T[], fallback: T): T;
  numbers(key: string): readonly number[] | null;
  /** The key must be absent or hold one of these values: what it would switch on is not built. */
  only(key: string, ...values: readonly unknown[]): void;
}

/**
 * Opens a config. Keys no diffusers scheduler has are refused unless null or false.
 * @param className used in messages, e.g. DDIMScheduler
 */
export function configReader(json: ConfigJson, className: string): ConfigReader {
  const refuse = (key: string, known: string): never => {
    const value = JSON.stringify(json[key]) ?? String(json[key]);
    throw new AppError('unsupported', `${className}: ${key} ${value} is not supported (${known})`, {
      hint: 'Choose another scheduler or edit scheduler_config.json.',
    });
  };
  for (const key of Object.keys(json)) {
    const isNeutral = json[key] === null || json[key] === false;
    if (!key.startsWith('_') && !KNOWN_KEYS.has(key) && !isNeutral) refuse(key, 'the key is not known');
  }
  const isAbsent = (key: string) => json[key] === undefined;
  return {
    className,
    number(key, fallback, check = () => true) {
      if (isAbsent(key)) return fallback;
      const value = json[key];
      return typeof value === 'number' && Number.isFinite(value) && check(value)
        ? value
        : refuse(key, 'out of range');
    },
    flag(key, fallback) {
      if (isAbsent(key)) return fallback;
      const value = json[key];
      return typeof value === 'boolean' ? value : refuse(key, 'known: true, false');
    },
    oneOf(key, known, fallback) {
      if (isAbsent(key)) return fallback;
      return known.find((name) => name === json[key]) ?? refuse(key, `known: ${known.join(', ')}`);
    },
    numbers(key) {
      const value = json[key] ?? null;
      if (value === null) return null;
      return Array.isArray(value) && value.every(Number.isFinite)
        ? value
        : refuse(key, 'must be a list of numbers');
    },
    only(key, ...values) {
      if (!isAbsent(key) && !values.includes(json[key])) {
        refuse(key, `known: ${values.map((value) => JSON.stringify(value) ?? String(value)).join(', ')}`);
      }
    },
  };
}
