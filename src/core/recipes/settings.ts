// Parameters of a method that have a default and may be given by name.

import { AppError } from '../base/errors.ts';

export type Setting = number | string | boolean;
export type Settings = { readonly [name: string]: Setting };

/** What a setting may be, beside its kind. */
export type Limits<S extends Settings> = {
  readonly [N in keyof S]?: readonly [least: number, most: number] | readonly string[];
};

function parsed(name: string, like: Setting, given: Setting): Setting {
  if (typeof like === typeof given) return given;
  const text = String(given);
  const number = Number(text);
  if (typeof like === 'number' && text.trim() !== '' && Number.isFinite(number)) return number;
  if (typeof like === 'boolean' && ['true', 'false'].includes(text)) return text === 'true';
  if (typeof like === 'string') return text;
  throw new AppError('usage', `the setting ${name} needs a ${typeof like}, not "${text}"`);
}

function within(name: string, value: Setting, limits: Limits<Settings>[string]): void {
  if (limits === undefined) return;
  if (typeof value === 'number') {
    const [least, most] = limits as readonly [number, number];
    if (value >= least && value <= most) return;
    throw new AppError('usage', `the setting ${name} must be from ${least} to ${most}, not ${value}`);
  }
  if ((limits as readonly string[]).includes(String(value))) return;
  throw new AppError('usage', `the setting ${name} cannot be "${value}"`, {
    hint: `Choose one of: ${limits.join(', ')}.`,
  });
}

/** The defaults with what was given put over them. Throws usage for an unknown name or a value it cannot have. */
export function withSettings<S extends Settings>(
  defaults: S,
  limits: Limits<S>,
  given: Readonly<Record<string, Setting>>,
): S {
  const out: Record<string, Setting> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new AppError('usage', `there is no setting "${name}"`, {
        hint: `Known: ${Object.keys(defaults).join(', ')}.`,
      });
    }
    out[name] = parsed(name, defaults[name], value);
    within(name, out[name], (limits as Limits<Settings>)[name]);
  }
  return out as S;
}
