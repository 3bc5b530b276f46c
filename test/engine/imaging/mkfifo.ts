// Makes a named pipe where the system has them.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Path of a new pipe in `folder`, or null where there is no mkfifo. */
export async function mkfifo(folder: string): Promise<string | null> {
  const path = join(folder, 'pipe.png');
  return promisify(execFile)('mkfifo', [path]).then(
    () => path,
    () => null,
  );
}
