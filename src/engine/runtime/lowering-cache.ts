// What the tuner measured, kept per PC: the next workspace starts with the same choices, and need not measure again.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RUNTIME_VERSION } from './executable.ts';

const Table = z.record(z.string(), z.string());

/** The user's folder for what can be made again; FLAWSMITH_CACHE names another. */
function cacheFolder(): string {
  const { FLAWSMITH_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (FLAWSMITH_CACHE) return FLAWSMITH_CACHE;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'Flawsmith', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Flawsmith');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'flawsmith');
}

function fileFor(subject: string): string {
  const device = `${cpus()[0]?.model.trim() ?? 'CPU'} | ${RUNTIME_VERSION} | ${subject}`;
  const hash = createHash('sha256').update(device).digest('hex').slice(0, 16);
  return join(cacheFolder(), `lowerings-${hash}.json`);
}

/** Choices measured before for `subject` on this processor and runtime, or null. An unreadable file counts as none. */
export function cachedLowerings(subject: string): Record<string, string> | null {
  const file = fileFor(subject);
  if (!existsSync(file)) return null;
  try {
    return Table.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Keeps choices; a folder that cannot be written means measuring again next time. */
export function keepLowerings(subject: string, choices: Readonly<Record<string, string>>): void {
  const file = fileFor(subject);
  try {
    mkdirSync(cacheFolder(), { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, JSON.stringify(choices, null, 1));
    renameSync(part, file);
  } catch {
    // Nothing depends on it.
  }
}
