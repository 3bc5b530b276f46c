// Tells whether the process that wrote a lock still lives; a number alone is not enough, numbers are reused.

import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  host: string;
  pid: number;
  /** Linux: boot id and start tick, exact. Elsewhere null: start times are asked for when a lock is judged. */
  start: string | null;
  /** Linux: pid name space; a container's process 7 is not ours. Elsewhere null. */
  space: string | null;
}

export type Liveness = 'alive' | 'gone' | 'unknown';

/** A start later than the lock by more than this belongs to another process (clocks are read twice). */
const START_TOLERANCE_MS = 2000;

/** Who we are. */
export function thisProcess(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, start: linuxStart(process.pid), space: linuxSpace() };
}

/** Whether the process that took a lock at `since` (ms since 1970) is still there. */
export function livenessOf(holder: ProcessIdentity, since: number): Liveness {
  if (holder.host !== hostname() || holder.space !== linuxSpace()) return 'unknown';
  if (!processExists(holder.pid)) return 'gone';
  if (holder.start !== null) return linuxStart(holder.pid) === holder.start ? 'alive' : 'gone';
  const startedAt = startTimeElsewhere(holder.pid);
  if (startedAt === null) return 'unknown';
  return startedAt > since + START_TOLERANCE_MS ? 'gone' : 'alive';
}

/** Whether a process of this number runs on this machine, whoever it is. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat (clock ticks since boot) with the boot's id; null off Linux or when it is gone. */
function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${afterName[19]}`;
  } catch {
    return null;
  }
}

function linuxSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

/** Start time on macOS and Windows, ms since 1970; null when the system does not say. */
function startTimeElsewhere(pid: number): number | null {
  const [command, args] =
    process.platform === 'win32'
      ? [
          'powershell.exe',
          ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`],
        ]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  const answer = spawnSync(command as string, args as string[], {
    encoding: 'utf8',
    timeout: 10_000,
    windowsHide: true,
  });
  const time = Date.parse((answer.stdout ?? '').trim());
  return Number.isNaN(time) ? null : time;
}
