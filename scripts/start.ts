// npm start: the desktop app where Electron's runtime is installed, otherwise the same window in a browser.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from './package/build-app.ts';
import { windowIsStale } from './window-build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const VITE = 'node_modules/vite/bin/vite.js';

/** Electron's program; null where its runtime was not downloaded. */
function electronRuntime(): string | null {
  const named = join(root, 'node_modules/electron/path.txt');
  if (process.env.FLAWSMITH_HOST === 'web' || !existsSync(named)) return null;
  const program = join(root, 'node_modules/electron/dist', readFileSync(named, 'utf8').trim());
  return existsSync(program) ? program : null;
}

function buildWindow(): void {
  console.log('Building the window ...');
  const { status, stdout, stderr } = spawnSync(process.execPath, [VITE, 'build'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(stdout + stderr);
  process.exit(1);
}

/** Hands this process's end and signals on to the program that it is for. */
function become(program: string, args: string[]): void {
  const child = spawn(program, args, { cwd: process.cwd(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

const args = process.argv.slice(2);
const electron = electronRuntime();
if (electron !== null) {
  console.log('Building the app ...');
  buildApp(root, join(root, 'out'));
  become(electron, [root, ...args]);
} else {
  if (windowIsStale()) buildWindow();
  become(process.execPath, [join(root, 'src/hosts/web/main.ts'), ...args]);
}
