// npm test: format and lint, types, then every node:test suite; the last line counts what passed and failed.

import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdForeground } from './foreground.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const TSC = 'node_modules/typescript/bin/tsc';
/** The renderer has a DOM, the rest has none. */
const PROJECTS = ['tsconfig.json', 'src/renderer/tsconfig.json'];
/** A suite that takes longer hangs. */
const SUITE_MINUTES = 15;

/** Runs a Node program in the root; its output is ours. */
function node(...args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    const stop = (): void => void child.kill();
    process.once('exit', stop);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', stop);
      resolve(code ?? 1);
    });
  });
}

async function programs(commands: string[][]): Promise<Counts> {
  let ok = true;
  for (const command of commands) if ((await node(...command)) !== 0) ok = false;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function suites(): Promise<Counts> {
  const files = globSync('test/**/*.test.ts', { cwd: root }).sort();
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-suites-'));
  const tap = join(folder, 'result.tap');
  try {
    const code = await node(
      '--test',
      '--test-concurrency=2',
      `--test-timeout=${SUITE_MINUTES * 60_000}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${tap}`,
      ...files,
    );
    return countTap(readFileSync(tap, 'utf8'), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The totals at the end of a TAP file; a runner that broke without saying so counts as one failure. */
function countTap(text: string, code: number): Counts {
  const total = (name: string): number => {
    const found = [...text.matchAll(new RegExp(`^# ${name} (\\d+)$`, 'gm'))].at(-1);
    return found === undefined ? 0 : Number(found[1]);
  };
  const failed = total('fail') + total('cancelled');
  const passed = total('pass');
  const broke = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: broke ? 1 : failed, skipped: total('skipped') + total('todo') };
}

const STAGES: readonly [name: string, run: () => Promise<Counts>][] = [
  ['format and lint', () => programs([[BIOME, 'check', '.']])],
  ['types', () => programs(PROJECTS.map((project) => [TSC, '--noEmit', '-p', project]))],
  ['tests', suites],
];

// What the tuner measures is shared by the suites of one run, and by nothing else.
process.env.FLAWSMITH_CACHE ??= mkdtempSync(join(tmpdir(), 'flawsmith-cache-'));
holdForeground(join(root, '.work', 'foreground'));
const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, run] of STAGES) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const counts = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`== ${name}: ${line(counts)} (${seconds} s)`);
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
}
process.exitCode = sum.failed === 0 ? 0 : 1;
if (sum.skipped > 0) console.log(`\n${sum.skipped} skipped; each says why above`);
console.log(`\n${sum.passed} passed, ${sum.failed} failed`);

function line({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
