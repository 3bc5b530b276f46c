// Entry of the command line: connects it with this process and leaves with its exit code.

import { EXIT_OK } from './exit-codes.ts';
import { runCli } from './run-cli.ts';
import { stopOnSignals } from './stop-signals.ts';

/** A reader that has seen enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT_OK : 1),
);

const code = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  listen: stopOnSignals,
});
// Native worker threads must not keep the process alive; everything is closed by now, only output may be on its way.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
