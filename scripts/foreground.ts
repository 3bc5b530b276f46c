// Asks background work (pack:train) to wait while this process lives.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes this process's id into the file; it is removed when the process ends, unless another one took it over. */
export function holdForeground(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const pid = String(process.pid);
  writeFileSync(file, pid);
  process.on('exit', () => {
    try {
      if (readFileSync(file, 'utf8') === pid) rmSync(file);
    } catch {
      // Already gone: nothing to give back.
    }
  });
}
