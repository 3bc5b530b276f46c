// How much memory a run may take where nobody says.

import { totalmem } from 'node:os';

const RESERVE = 2 * 2 ** 30;

/** What the machine (or the container) has, less 2 GiB, or less a quarter where that is not so much. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  const all = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return all - Math.min(RESERVE, all / 4);
}
