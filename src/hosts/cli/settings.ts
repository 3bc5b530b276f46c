// --set NAME=VALUE,NAME=VALUE: a method's own parameters.

import type { Args } from './args.ts';
import type { OptionSpec } from './command.ts';

export const SETTINGS_OPTION: OptionSpec = {
  type: 'string',
  value: 'NAME=VALUE;...',
  help: "the method's own parameters (anogen, anomalysd, seas on Stable Diffusion); a wrong name lists the known ones",
};

/** Numbers, true and false are read as such; what a name means and may be is the engine's to say. */
export function settingsOf(args: Args): Record<string, string | number | boolean> | undefined {
  const text = args.text('set');
  if (text === undefined) return undefined;
  const settings: Record<string, string | number | boolean> = {};
  for (const part of text.split(';')) {
    const [, name, value] = /^\s*(\w+)\s*=(.*)$/s.exec(part) ?? [];
    if (name === undefined) throw args.wrong('set', `cannot hold "${part}"; write NAME=VALUE;NAME=VALUE`);
    const number = Number(value);
    if (value.trim() !== '' && Number.isFinite(number)) settings[name] = number;
    else settings[name] = value === 'true' ? true : value === 'false' ? false : value;
  }
  return settings;
}
