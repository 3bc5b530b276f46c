// Picks the command, runs it against the engine, prints, and says which of the documented exit codes fits.

import { resolve } from 'node:path';
import { fromWireError, toPlainError } from '../../contract/errors.ts';
import { AppError } from '../../core/base/errors.ts';
import type { Services } from '../../engine/services.ts';
import { ENGINE_VERSION } from '../../engine/version.ts';
import { type Args, parseCommand, usage } from './args.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT_CODES, EXIT_OK } from './exit-codes.ts';
import { commandHelp, overview } from './help.ts';
import { humanOutput, jsonOutput, type Output } from './output.ts';
import type { TextStream } from './progress-line.ts';
import { openSession, type Session } from './session.ts';
import type { StopSignals } from './stop-signals.ts';
import { suggest } from './suggest.ts';

/** The process around the command line; tests bring their own. */
export interface CliHost {
  stdout: TextStream;
  stderr: TextStream;
  /** Starts listening for Ctrl+C. */
  listen(onFirst: () => void): StopSignals;
  /** The product's services unless a test brings others. */
  services?: Services;
}

/** Runs one command line; returns the exit code and throws nothing. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const output = argv.includes('--json') ? jsonOutput(host.stdout) : humanOutput(host.stdout, host.stderr);
  const say = (text: string): number => {
    host.stdout.write(`${text}\n`);
    return EXIT_OK;
  };
  try {
    const [name, ...rest] = argv;
    if (name === '--version') return say(ENGINE_VERSION);
    if (name === undefined || name === '--help' || name === '-h') return say(overview(COMMANDS));
    if (name === 'help') return say(helpOn(rest[0]));
    const command = findCommand(name);
    const args = parseCommand(command, rest);
    return args.flag('help') ? say(commandHelp(command)) : await runCommand(command, args, output, host);
  } catch (error) {
    return fail(output, error);
  }
}

async function runCommand(command: Command, args: Args, output: Output, host: CliHost): Promise<number> {
  const folder = resolve(args.text('workspace') ?? '.');
  const stop = host.listen(() =>
    output.remark('stopping after the current step; press Ctrl+C again to stop at once'),
  );
  const session = openSession({ folder, signal: stop.signal, output, services: host.services });
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
  const { lastRun: run, finishedIn } = session;
  if (run === null) {
    const kept = finishedIn === null ? 'nothing was changed' : `finished runs are kept in ${finishedIn}`;
    return new AppError('cancelled', `stopped on request; ${kept}`);
  }
  return new AppError('cancelled', `stopped on request; ${run.kind} run ${run.id} can go on where it was`, {
    hint: `Continue with: flawsmith ${run.kind} --resume ${run.id} --workspace "${run.workspace}"`,
  });
}

function helpOn(name: string | undefined): string {
  return name === undefined || name.startsWith('-') ? overview(COMMANDS) : commandHelp(findCommand(name));
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = COMMANDS.map((candidate) => candidate.name);
  const near = suggest(name, names);
  throw usage(`there is no command "${name}"${near === null ? '' : `; did you mean "${near}"?`}`);
}

function fail(output: Output, error: unknown): number {
  const plain = toPlainError(error instanceof AppError ? error : fromWireError(error));
  output.error(plain);
  return EXIT_CODES[plain.code];
}
