// A file system of a few kilobytes, to run out of space for real. Linux only, and only with the right to mount.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Makes the file system read-only, as a write-protected stick is. */
export function writeProtect(folder: string): void {
  spawnSync('mount', ['-o', 'remount,ro', folder]);
}

/** The folder it is mounted on, unmounted when the test ends; null where it cannot be mounted. */
export function smallDisk(t: TestContext, sizeBytes: number): string | null {
  if (process.platform !== 'linux') return null;
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'none', folder]);
  if (mounted.status !== 0) {
    rmdirSync(folder);
    return null;
  }
  t.after(() => {
    spawnSync('umount', [folder]);
    rmdirSync(folder);
  });
  return folder;
}
