// npm run proof:offline [-- COMMAND ...]: runs a command (the demo without one) with its whole process tree traced from
// outside, and fails if any process made an internet socket. Where strace cannot be had it says so and ends with 0.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networkUse, traceSockets, whyNoTrace } from './trace-sockets.ts';

const MAIN = fileURLToPath(new URL('../src/hosts/cli/main.ts', import.meta.url));

const reason = whyNoTrace();
if (reason !== null) {
  console.log(`skipped, nothing was proven: ${reason}`);
  process.exit(0);
}
const given = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'flawsmith-offline-'));
try {
  const command = given.length > 0 ? given : ['demo', '--out', join(folder, 'demo')];
  const trace = await traceSockets([process.execPath, MAIN, ...command], { echo: true });
  const found = networkUse(trace);
  const all = [...trace.sockets].map(([family, count]) => `${count} ${family}`).join(', ') || 'none';
  console.log(`traced ${trace.programs} programs; sockets: ${all}; exit code ${trace.code}`);
  console.log(found.length === 0 ? 'no internet socket was made' : `NETWORK USE: ${found.join(', ')}`);
  process.exitCode = found.length > 0 || trace.code !== 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
