// Watches a command's whole process tree from outside, by strace: which kinds of sockets it makes.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SocketTrace {
  /** Exit code of the command; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Programs that were started, the command itself included. */
  readonly programs: number;
  /** Sockets made, by address family such as AF_UNIX. */
  readonly sockets: ReadonlyMap<string, number>;
  /** io_urings that were made all the same. */
  readonly rings: number;
}

const NETWORK = ['AF_INET', 'AF_INET6', 'AF_PACKET'];
/** An io_uring could make sockets without a system call: its setup is made to fail, Node then does without. */
const EXPRESSIONS = ['-e', 'trace=socket,execve,io_uring_setup', '-e', 'inject=io_uring_setup:error=ENOSYS'];

/** Why commands cannot be traced here, or null. */
export function whyNoTrace(): string | null {
  if (process.platform !== 'linux') return 'strace exists on Linux only';
  const probe = spawnSync('strace', ['-f', '-qq', ...EXPRESSIONS, '-o', '/dev/null', process.execPath, '-v']);
  if (probe.error) return 'strace is not installed (Debian: apt-get install strace)';
  if (probe.status !== 0) return `strace may not trace here: ${String(probe.stderr).trim().split('\n')[0]}`;
  return null;
}

/** Reads strace's log, one system call a line, with the process number before it. */
export function readTrace(log: string): Pick<SocketTrace, 'programs' | 'sockets' | 'rings'> {
  const sockets = new Map<string, number>();
  let [programs, rings] = [0, 0];
  for (const line of log.split('\n')) {
    // A call that was interrupted stands on two lines; the first has the arguments.
    const family = /\bsocket\((\w+)/.exec(line)?.[1];
    if (family) sockets.set(family, (sockets.get(family) ?? 0) + 1);
    // What came of an interrupted call stands on the second line.
    if (/<unfinished \.\.\.>$/.test(line) || /= -1 /.test(line)) continue;
    if (/\bexecve\b/.test(line)) programs++;
    if (/\bio_uring_setup\b/.test(line)) rings++;
  }
  return { programs, sockets, rings };
}

/** What of a trace speaks of a network; empty: nothing does. */
export function networkUse({ sockets, rings }: Pick<SocketTrace, 'sockets' | 'rings'>): string[] {
  const found = [...sockets].filter(([family]) => NETWORK.includes(family));
  const lines = found.map(([family, count]) => `${count} ${family} socket${count === 1 ? '' : 's'}`);
  return rings === 0 ? lines : [...lines, `${rings} io_uring, whose sockets cannot be seen`];
}

/** The environment without what a build server sets: libraries keep quiet there that report home elsewhere. */
function asOnAnyPc(): NodeJS.ProcessEnv {
  const { CI: _ci, GITHUB_ACTIONS: _actions, ORT_DISABLE_TELEMETRY: _telemetry, ...rest } = process.env;
  return rest;
}

/** Runs a command under strace. `echo`: its output is shown as it comes as well. */
export async function traceSockets(
  command: readonly string[],
  options: { readonly cwd?: string; readonly echo?: boolean } = {},
): Promise<SocketTrace> {
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-trace-'));
  const log = join(folder, 'calls');
  try {
    const child = spawn('strace', ['-f', '-qq', ...EXPRESSIONS, '-o', log, ...command], {
      cwd: options.cwd,
      env: asOnAnyPc(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (options.echo) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      if (options.echo) process.stderr.write(chunk);
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, stdout, stderr, ...readTrace(readFileSync(log, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
