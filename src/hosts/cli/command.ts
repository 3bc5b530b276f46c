// The shape of a command: its options, its help, and what it asks the engine for.

import type { Args } from './args.ts';
import type { Session } from './session.ts';

export interface OptionSpec {
  type: 'string' | 'boolean';
  /** Name of the value in the help, for example "N" or "seas|anogen". */
  value?: string;
  help: string;
}

/** What a command gives back: the result event, and the lines a person sees. */
export interface CommandResult {
  result: object;
  lines: string[];
}

export interface Command {
  name: string;
  summary: string;
  /** Shown after the name in the usage line, for example "FOLDER". */
  positional?: string;
  /** How many positionals it takes at least and at most; none by default. */
  positionals?: { min: number; max: number };
  options: Record<string, OptionSpec>;
  examples: string[];
  run(args: Args, session: Session): Promise<CommandResult>;
}
