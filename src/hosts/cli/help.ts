// The help texts, made from the same tables that parse the arguments.

import { GLOBAL_OPTIONS } from './args.ts';
import type { Command, OptionSpec } from './command.ts';

/** `flawsmith help`. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'Flawsmith makes pictures of defects, with exact masks, from a few real ones. It works offline.',
    '',
    'Usage: flawsmith COMMAND [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'First steps:',
    '  flawsmith init --workspace parts',
    '  flawsmith import hazelnut --workspace parts',
    '  flawsmith train --workspace parts',
    '  flawsmith generate --generator windows --type crack --count 60 --workspace parts',
    '  flawsmith review --rule accept:unflagged --workspace parts',
    '  flawsmith export --format mvtec --out hazelnut-plus --workspace parts',
    '',
    'Help on a command: flawsmith COMMAND --help. Exit codes: docs/cli.md.',
  ].join('\n');
}

/** `flawsmith COMMAND --help`. */
export function commandHelp(command: Command): string {
  const positional = command.positional ? ` ${command.positional}` : '';
  return [
    command.summary,
    '',
    `Usage: flawsmith ${command.name}${positional} [options]`,
    '',
    ...optionLines({ ...command.options, ...GLOBAL_OPTIONS }),
    '',
    'Examples:',
    ...command.examples.map((example) => `  flawsmith ${example}`),
  ].join('\n');
}

function optionLines(options: Record<string, OptionSpec>): string[] {
  const rows = Object.entries(options).map(([name, spec]) => {
    return { left: spec.value ? `--${name} ${spec.value}` : `--${name}`, help: spec.help };
  });
  const width = Math.min(34, Math.max(...rows.map((row) => row.left.length)));
  return rows.flatMap(({ left, help }) => {
    if (left.length <= width) return [`  ${left.padEnd(width)}  ${help}`];
    return [`  ${left}`, `  ${' '.repeat(width)}  ${help}`];
  });
}
