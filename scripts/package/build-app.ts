// Builds the app's four bundles: main, preload, window and engine.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const VITE = 'node_modules/vite/bin/vite.js';
const ELECTRON_VITE = 'node_modules/electron-vite/bin/electron-vite.js';

/** `into`: a folder that gets main/, preload/, renderer/ and engine/. Throws what the bundler says. */
export function buildApp(root: string, into: string): void {
  run(root, into, [join(root, ELECTRON_VITE), 'build']);
  run(root, into, [join(root, VITE), 'build', '--config', 'vite.engine.config.ts']);
}

function run(root: string, into: string, args: string[]): void {
  const env = { ...process.env, FLAWSMITH_OUT: into };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the app could not be built\n${stdout}${stderr}`);
}
