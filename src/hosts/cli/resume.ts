// A resumed run takes its parameters from the run; options that would change it are refused.

import { type Args, usage } from './args.ts';

/** Throws where an option is given beside one that excludes it. */
export function refuseWith(args: Args, option: string, others: readonly string[]): void {
  const given = others.find((name) => args.text(name) !== undefined);
  if (given !== undefined) throw usage(`--${given} does not go with --${option}`, args.command);
}
