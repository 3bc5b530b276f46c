// Memory of a process as the system counts it.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of its own (without what it shares, where the system tells), MB; NaN where it cannot be known. */
export function residentMb(pid: number): number {
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = /^RssAnon:\s+(\d+)/m.exec(status)?.[1];
    return kb === undefined ? Number.NaN : Number(kb) / 1024;
  }
  if (process.platform === 'win32') return Number.NaN;
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
