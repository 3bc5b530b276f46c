// What tells a workspace's folder from others, without opening it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const DATABASE_NAME = 'flawsmith.db';

/** Whether a folder holds a workspace. */
export function isWorkspace(folder: string): boolean {
  return existsSync(join(folder, DATABASE_NAME));
}
