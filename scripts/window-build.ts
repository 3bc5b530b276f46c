// Whether the built window is older than what it is made of.

import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = [
  'src/renderer/**/*',
  'src/contract/**/*.ts',
  'src/core/{base,domain,formats,tensor}/**/*.ts',
  'vite.config.ts',
];

export function windowIsStale(): boolean {
  const built = join(ROOT, 'out/renderer/index.html');
  if (!existsSync(built)) return true;
  const at = statSync(built).mtimeMs;
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  return files.some((file) => statSync(join(ROOT, file)).mtimeMs > at);
}
