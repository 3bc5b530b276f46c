// One writer per workspace: a lock file with who holds it. A holder that died is noticed and replaced.

import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { isTempName, tempOwner, tempPathIn } from '../blobs/atomic-write.ts';
import { translateFsError } from '../blobs/fs-error.ts';
import { livenessOf, type ProcessIdentity, processExists, thisProcess } from './process-identity.ts';

export const LOCK_NAME = 'flawsmith.lock';

export interface LockHolder extends ProcessIdentity {
  /** Milliseconds since 1970. */
  since: number;
}

export interface WorkspaceLock {
  readonly file: string;
  /** Whether the lock of a process that had died was taken over. */
  readonly tookOver: boolean;
  release(): void;
}

export interface LockOptions {
  now: number;
  /**
   * Runs work that no other process runs at the same time (a database transaction), so that two processes that find the
   * same dead holder do not both replace it. A live lock is never replaced, so only this case needs it.
   */
  exclusively: (work: () => void) => void;
}

/** Takes the workspace's lock or throws `locked` naming who holds it. */
export function acquireLock(folder: string, options: LockOptions): WorkspaceLock {
  const file = join(folder, LOCK_NAME);
  const mine: LockHolder = { ...thisProcess(), since: options.now };
  const temp = tempPathIn(dirname(file));
  let tookOver = false;
  try {
    writeFileSync(temp, JSON.stringify(mine), { flag: 'wx' });
    if (!createFrom(temp, file)) {
      options.exclusively(() => {
        const holder = readLock(folder);
        if (holder === null ? isFresh(file, options.now) : livenessOf(holder, holder.since) !== 'gone') {
          throw locked(file, holder);
        }
        renameSync(temp, file);
      });
      tookOver = true;
    }
  } catch (error) {
    throw translateFsError(error, file);
  } finally {
    rmSync(temp, { force: true });
  }
  return { file, tookOver, release: () => release(folder, mine) };
}

/** Who holds the lock now; null when it is free or its content is unreadable (a crash while it was made). */
export function readLock(folder: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(join(folder, LOCK_NAME), 'utf8'));
    return isHolder(holder) ? holder : null;
  } catch {
    return null;
  }
}

/** Whether the fields can be what we wrote: the file may have been damaged or edited. */
function isHolder(value: Partial<LockHolder> | null): value is LockHolder {
  if (!Number.isInteger(value?.pid) || typeof value?.host !== 'string') return false;
  const { pid = 0, since } = value;
  return pid > 0 && pid < 2 ** 31 && !Number.isNaN(new Date(Number(since)).getTime());
}

/** Unfinished locks whose process is gone: it was killed between writing and naming the lock. */
export function strayLocks(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => {
      const owner = tempOwner(name);
      return isTempName(name) && (owner === null || owner === process.pid || !processExists(owner));
    })
    .map((name) => join(folder, name));
}

/** Makes the lock with its full content in one step; false when there is one already. */
function createFrom(temp: string, file: string): boolean {
  try {
    linkSync(temp, file);
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'EEXIST') return false;
    // FAT and exFAT have no hard links: an exclusive create is as exclusive, only not complete at once.
    if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
  }
  try {
    writeFileSync(file, readFileSync(temp), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a lock without readable content may be one that is being written right now. */
function isFresh(file: string, now: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(now - stat.mtimeMs) < 10_000;
}

function release(folder: string, mine: LockHolder): void {
  const holder = readLock(folder);
  if (holder?.pid === mine.pid && holder.since === mine.since && holder.host === mine.host) {
    rmSync(join(folder, LOCK_NAME), { force: true });
  }
}

function locked(file: string, holder: LockHolder | null): AppError {
  const hint = `Close it or wait until it has finished. If no such process runs any more, delete ${LOCK_NAME} in the workspace.`;
  if (holder === null)
    return new AppError('locked', 'another Flawsmith is opening this workspace', { file, hint });
  const since = new Date(holder.since).toISOString().slice(0, 16).replace('T', ' ');
  const who = `process ${holder.pid} on ${holder.host}, since ${since} UTC`;
  return new AppError('locked', `another Flawsmith is using this workspace (${who})`, {
    file,
    hint,
    pid: holder.pid,
    host: holder.host,
  });
}
