// The built window for the tests: built once per run, and only where its sources are newer.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { windowIsStale } from '../../../scripts/window-build.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const RENDERER = join(ROOT, 'out/renderer');
const LOCK = join(ROOT, 'out/.building');
const LONGEST_MS = 120_000;

/** Test files run in several processes; one builds, the others wait. */
export async function builtWindow(): Promise<string> {
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  for (let waited = 0; !taken(); waited += 200) {
    if (waited > LONGEST_MS) rmdirSync(LOCK);
    await pause(200);
  }
  try {
    if (windowIsStale()) build();
  } finally {
    rmdirSync(LOCK);
  }
  return RENDERER;
}

function taken(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
}

function build(): void {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const { status, stderr } = spawnSync(process.execPath, [vite, 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the window could not be built:\n${stderr}`);
}
