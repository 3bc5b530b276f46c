// Starts the command line as a process that watches its writes and, if told so, kills itself.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Moment, readTrace } from './moment.ts';

const MAIN = fileURLToPath(new URL('../../src/hosts/cli/main.ts', import.meta.url));
const WATCH = new URL('./watch-writes.ts', import.meta.url).href;

export interface CliEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Ended {
  readonly killed: boolean;
  readonly code: number | null;
  /** What it had said before it ended; a line cut off by the kill is left out. */
  readonly events: readonly CliEvent[];
  /** How many writes it began, those that were open when it ended, and the time from the first to the last. */
  readonly writes: { readonly begun: number; readonly open: readonly string[]; readonly ms: number };
}

/** Runs `flawsmith ARGS --json`; `scratch` is a folder for the trace and for Node's compile cache. */
export async function flawsmith(
  args: readonly string[],
  scratch: string,
  moment: Moment | null = null,
): Promise<Ended> {
  const trace = join(scratch, 'trace');
  rmSync(trace, { force: true });
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: join(scratch, 'compile-cache'),
    CRASH_TRACE: trace,
    CRASH_AT: JSON.stringify(moment),
  };
  const child = spawn(process.execPath, ['--import', WATCH, MAIN, ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (c, s) => resolve([c, s]));
  });
  const events = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as CliEvent);
  const writes = readTrace(existsSync(trace) ? readFileSync(trace, 'utf8') : '');
  return { killed: signal === 'SIGKILL', code, events, writes };
}
