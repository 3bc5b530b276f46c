// Asks a program of the system, without a shell and not for ever.

import { execFile } from 'node:child_process';

const PATIENCE_MS = 20_000;

export interface Answer {
  readonly ok: boolean;
  /** The program is there. */
  readonly found: boolean;
  readonly out: string;
  readonly complaint: string;
}

/** Never throws: a program that is missing or fails answers `ok: false`. */
export function askSystem(command: string, args: readonly string[], input = ''): Promise<Answer> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      { timeout: PATIENCE_MS, maxBuffer: 4 * 2 ** 20, windowsHide: true, encoding: 'utf8' },
      (error, out, complaint) =>
        resolve({
          ok: error === null,
          found: (error as NodeJS.ErrnoException | null)?.code !== 'ENOENT',
          out,
          complaint: complaint.trim(),
        }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

export function powershell(script: string): Promise<Answer> {
  return askSystem('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
}
