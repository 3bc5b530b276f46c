// npm run bench:start: how long from starting the web host to the first paint of the window, in a browser that is open
// already, and how much JavaScript that takes. Every start is a new process with a new browser profile.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright';
import { launchOptions } from '../ui/support/chromium.ts';
import { builtWindow } from '../ui/support/window-build.ts';
import { quantile } from './trace-latency.ts';

const HOST = fileURLToPath(new URL('../../src/hosts/web/main.ts', import.meta.url));
const STARTS = 7;
const GOAL_MS = 2000;
const GOAL_BYTES = 400_000;

interface Start {
  addressMs: number;
  paintMs: number;
  scripts: string[];
}

async function start(browser: Browser, folder: string): Promise<Start> {
  const begun = performance.now();
  const child = spawn(process.execPath, [HOST, '--no-open', '--config', join(folder, 'config')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await printedAddress(child);
    const addressMs = performance.now() - begun;
    const page = await browser.newPage();
    const opened = performance.now();
    await page.goto(address);
    await page.getByRole('heading', { name: 'Flawsmith' }).waitFor();
    const [paint, scripts] = await page.evaluate(async () => {
      const painted = (): number | undefined =>
        performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
      while (painted() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      return [painted()!, loaded.filter((name) => name.endsWith('.js'))] as const;
    });
    await page.close();
    return { addressMs, paintMs: opened - begun + paint, scripts: [...scripts] };
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

async function printedAddress(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const found = /http:\/\/\S+/.exec(line);
    if (found) return found[0];
  }
  throw new Error('the web host printed no address');
}

const folder = mkdtempSync(join(tmpdir(), 'flawsmith-start-'));
const renderer = await builtWindow();
const browser = await chromium.launch(launchOptions());
try {
  const starts: Start[] = [];
  for (let i = 0; i < STARTS; i++) starts.push(await start(browser, folder));
  const rounded = (of: (start: Start) => number, share: number): number =>
    Math.round(quantile(starts.map(of), share));
  const paint = rounded(({ paintMs }) => paintMs, 0.5);
  console.log(
    JSON.stringify({
      name: 'start',
      starts: STARTS,
      addressMs: rounded(({ addressMs }) => addressMs, 0.5),
      firstPaintMs: paint,
      slowestMs: rounded(({ paintMs }) => paintMs, 1),
      goalMs: GOAL_MS,
      reached: paint < GOAL_MS,
    }),
  );
  const scripts = [...new Set(starts[0].scripts)];
  const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(renderer, path))).length, 0);
  console.log(
    JSON.stringify({
      name: 'start.javascript',
      files: scripts.length,
      gzipBytes: bytes,
      goalBytes: GOAL_BYTES,
      reached: bytes < GOAL_BYTES,
    }),
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
