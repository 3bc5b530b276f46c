// A drive that can be unplugged: a file system in a file, mounted where desktops mount sticks. Linux only, and only with
// the right to mount.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';

const BYTES = 16 * 2 ** 20;

/** Null where nothing can be mounted. */
export function smallStick(t: TestContext): { mount: string; name: string } | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-stick-'));
  const image = join(folder, 'image');
  const mount = join('/media', basename(folder));
  writeFileSync(image, '');
  truncateSync(image, BYTES);
  mkdirSync(mount, { recursive: true });
  t.after(() => {
    spawnSync('umount', [mount], { stdio: 'ignore' });
    rmdirSync(mount);
    rmSync(folder, { recursive: true });
  });
  const made = spawnSync('mke2fs', ['-q', '-F', image], { stdio: 'ignore' }).status === 0;
  const there = made && spawnSync('mount', ['-o', 'loop', image, mount], { stdio: 'ignore' }).status === 0;
  return there ? { mount, name: basename(mount) } : null;
}
