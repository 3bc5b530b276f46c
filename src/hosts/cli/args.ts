// Reads a command's arguments; everything that is wrong with them is a `usage` error that says what is right.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../core/base/errors.ts';
import type { Command, OptionSpec } from './command.ts';

/** Options every command has. */
export const GLOBAL_OPTIONS: Record<string, OptionSpec> = {
  workspace: { type: 'string', value: 'DIR', help: 'the workspace folder (default: the current folder)' },
  json: { type: 'boolean', help: 'print events as lines of JSON' },
  help: { type: 'boolean', help: 'show this help' },
};

/** A command's parsed arguments with typed access. */
export class Args {
  readonly command: string;
  readonly positionals: readonly string[];
  readonly #values: Record<string, string | boolean | undefined>;

  constructor(
    command: string,
    values: Record<string, string | boolean | undefined>,
    positionals: readonly string[],
  ) {
    this.command = command;
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === '') throw this.wrong(name, 'needs a value');
    return typeof value === 'string' ? value : undefined;
  }

  required(name: string): string {
    return this.text(name) ?? this.#missing(name);
  }

  /** A path, made absolute: the engine may run in another folder. */
  path(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : resolve(value);
  }

  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const known = choices.find((choice) => choice === value);
    return (
      known ?? this.#throw(this.wrong(name, `cannot be "${value}"; choose one of ${choices.join(', ')}`))
    );
  }

  integer(name: string, range: { min: number; max: number }): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    throw this.wrong(name, `must be a whole number from ${range.min} to ${range.max}, not "${value}"`);
  }

  number(name: string, range: { min: number; max: number }): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (number >= range.min && number <= range.max) return number;
    throw this.wrong(name, `must be a number from ${range.min} to ${range.max}, not "${value}"`);
  }

  /** A size: whole bytes, or a number with KiB, MiB or GiB. */
  bytes(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMG]iB)?$/i.exec(value.trim()) ?? [];
    const bytes = Number(number) * 1024 ** ' KMG'.indexOf(unit.charAt(0).toUpperCase() || ' ');
    if (bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER && (unit !== '' || Number.isInteger(bytes)))
      return Math.floor(bytes);
    throw this.wrong(name, `must be a size such as 4GiB, 800MiB or a number of bytes, not "${value}"`);
  }

  seed(name: string): number {
    return this.integer(name, { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0;
  }

  /** An id as `info` and `review --list` print it. */
  id(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || isId(value)) return value;
    throw this.wrong(name, `must be an id of 26 letters and digits, not "${value}"`);
  }

  /** A usage error about one option. */
  wrong(name: string, what: string): AppError {
    return usage(`--${name} ${what}`, this.command);
  }

  #missing(name: string): never {
    throw this.wrong(name, 'is missing');
  }

  #throw(error: AppError): never {
    throw error;
  }
}

/** A folder that exists, made absolute; anything else is taken as a name. */
export function folderOrName(value: string): string {
  return existsSync(value) ? resolve(value) : value;
}

export function isId(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}

/** A usage error that points at the command's help. */
export function usage(message: string, command?: string): AppError {
  return new AppError('usage', message, {
    hint: `See: flawsmith ${command === undefined ? 'help' : `${command} --help`}`,
  });
}

/** Parses what follows the command's name. */
export function parseCommand(command: Command, argv: readonly string[]): Args {
  const specs = { ...command.options, ...GLOBAL_OPTIONS };
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, { type: spec.type }]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(firstSentence((error as Error).message), command.name);
  }
  const values = parsed.values as Record<string, string | boolean | undefined>;
  const { min, max } = command.positionals ?? { min: 0, max: 0 };
  if (!values.help) {
    if (parsed.positionals.length > max) throw usage(`unexpected "${parsed.positionals[max]}"`, command.name);
    if (parsed.positionals.length < min) throw usage(`${command.positional} is missing`, command.name);
  }
  return new Args(command.name, values, parsed.positionals);
}

/** Node's messages go on with advice for programmers. */
function firstSentence(message: string): string {
  return message
    .split(/\.\s|\n/)[0]
    .replace(/^Unknown/, 'unknown')
    .replace(/^Option/, 'option');
}
