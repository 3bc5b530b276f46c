// The command line: picks the command, runs it against the engine, and ends with one of the documented exit codes.

import { resolve } from 'node:path';
import { fromWireError, toPlainError } from '../../contract/errors.ts';
import { AppError } from '../../core/base/errors.ts';
import { ENGINE_VERSION } from '../../engine/version.ts';
import { type Args, parseCommand, usage } from './args.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT_CODES, EXIT_OK } from './exit-codes.ts';
import { commandHelp, overview } from './help.ts';
import { humanOutput, jsonOutput, type Output } from './output.ts';
import { openSession, type Session } from './session.ts';
import { stopOnSignals } from './stop-signals.ts';
import { suggest } from './suggest.ts';

async function main(argv: readonly string[]): Promise<number> {
  const output = argv.includes('--json')
    ? jsonOutput(process.stdout)
    : humanOutput(process.stdout, process.stderr);
  try {
    const [name, ...rest] = argv;
    if (name === '--version') return say(ENGINE_VERSION);
    if (name === undefined || name === '--help' || name === '-h') return say(overview(COMMANDS));
    if (name === 'help') return say(rest.length > 0 ? commandHelp(findCommand(rest[0])) : overview(COMMANDS));
    const command = findCommand(name);
    const args = parseCommand(command, rest);
    return args.flag('help') ? say(commandHelp(command)) : await runCommand(command, args, output);
  } catch (error) {
    return fail(output, error);
  }
}

async function runCommand(command: Command, args: Args, output: Output): Promise<number> {
  const stop = stopOnSignals(() =>
    output.remark('stopping after the current step; press Ctrl+C again to stop at once'),
  );
  const folder = resolve(args.text('workspace') ?? '.');
  const session = openSession({ folder, signal: stop.signal, output });
  try {
    const { result, lines } = await command.run(args, session);
    await session.close();
    output.result(result, lines);
    return EXIT_OK;
  } catch (error) {
    // Closing waits until a stopped run has been stored as interrupted.
    await session.close();
    return fail(output, stop.signal.aborted ? stopped(session) : error);
  } finally {
    stop.dispose();
  }
}

function stopped(session: Session): AppError {
  const run = session.lastRun;
  if (run === null) return new AppError('cancelled', 'stopped on request');
  const resume = `flawsmith ${run.kind} --resume ${run.id} --workspace "${session.folder}"`;
  return new AppError('cancelled', `stopped on request; ${run.kind} run ${run.id} can go on where it was`, {
    hint: `Continue with: ${resume}`,
  });
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const near = suggest(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  throw usage(`there is no command "${name}"${near === null ? '' : `; did you mean "${near}"?`}`);
}

function fail(output: Output, error: unknown): number {
  const plain = toPlainError(error instanceof AppError ? error : fromWireError(error));
  output.error(plain);
  return EXIT_CODES[plain.code];
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXIT_OK;
}

/** A reader that has seen enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT_OK : 1),
);

const code = await main(process.argv.slice(2));
process.exitCode = code;
// Native worker threads must not keep the process alive; everything has been closed and flushed by now.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
