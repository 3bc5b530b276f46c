// Runs a script in a process of its own and reads the JSON line it ends with.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The last line of its output, parsed; what it writes to stderr is passed on. Null where it failed. */
export function inFreshProcess(
  script: string,
  args: readonly string[],
): Promise<Record<string, unknown> | null> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', stop);
      const last = text.trim().split('\n').at(-1) ?? '';
      resolve(code === 0 && last !== '' ? JSON.parse(last) : null);
    });
  });
}
