// Starts the real command line as a process of its own.

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../../src/hosts/cli/main.ts', import.meta.url));

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The lines of stdout as JSON, where --json was given. */
  events: { event: string; [field: string]: unknown }[];
}

export function cli(args: readonly string[], cwd?: string): CliRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd });
  return { code: status, stdout, stderr, events: args.includes('--json') ? parseLines(stdout) : [] };
}

export function startCli(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

export function parseLines(text: string): CliRun['events'] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
