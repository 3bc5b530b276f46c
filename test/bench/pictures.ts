// npm run bench:pictures: the station Pictures with 50,000 pictures in a real Chromium: time from the address to the
// first screen of pictures, cells without a picture while scrolling, and the renderer's memory.
//   --count N (50000)   --cold: without small versions, as right after an import   --keep DIR: a workspace to use again

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import { forkNodeEngine } from '../../src/hosts/desk/fork-node.ts';
import { startWebHost } from '../../src/hosts/web/server.ts';
import { launchOptions } from '../ui/support/chromium.ts';
import { builtWindow } from '../ui/support/window-build.ts';
import { manyPictures } from './many-pictures.ts';
import { residentMb } from './resident.ts';

const SIZE = { width: 1920, height: 1080 };
const GOALS = { firstScreenMs: 1500, blankMs: 200, memoryMb: 500 };
const SCROLL_MS = 6000;
const OPENINGS = 5;
const REST_MS = 1000;
/** Until what is out of sight was loaded in the background. */
const SETTLE_MS = 15_000;

/** Code that runs in the page; it looks at the grid in every frame. */
const WATCH = `(() => {
  const grid = document.querySelector('.pictures .grid-scroll');
  const frames = [];
  const blankSince = new Map();
  let longest = 0;
  let running = true;
  const look = (now) => {
    if (!running) return;
    const box = grid.getBoundingClientRect();
    let cells = 0, blank = 0, soft = 0;
    const rows = new Map();
    for (const cell of grid.querySelectorAll('.grid-cell')) {
      const at = cell.getBoundingClientRect();
      if (at.bottom <= box.top + 20 || at.top >= box.bottom - 20) continue;
      const image = cell.querySelector('img');
      const sharp = image !== null && image.complete && image.naturalWidth > 0;
      const there = sharp || cell.querySelector('canvas') !== null;
      cells++;
      if (!there) blank++;
      if (!sharp) soft++;
      const row = Math.round(at.top - box.top + grid.scrollTop);
      const known = rows.get(row) ?? { any: false };
      rows.set(row, { any: known.any || there });
    }
    for (const [row, { any }] of rows) {
      if (any) { blankSince.delete(row); continue; }
      const since = blankSince.get(row) ?? now;
      blankSince.set(row, since);
      longest = Math.max(longest, now - since);
    }
    for (const row of [...blankSince.keys()]) if (!rows.has(row)) blankSince.delete(row);
    frames.push([now, cells, blank, cells === 0, soft]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.benchStop = () => {
    running = false;
    const gaps = frames.slice(1).map(([at], i) => at - frames[i][0]).sort((a, b) => a - b);
    const cells = frames.reduce((n, f) => n + f[1], 0);
    return {
      frames: frames.length,
      frameP95Ms: gaps[Math.floor(0.95 * gaps.length)] ?? 0,
      blankShare: frames.reduce((n, f) => n + f[2], 0) / Math.max(1, cells),
      previewShare: frames.reduce((n, f) => n + f[4] - f[2], 0) / Math.max(1, cells),
      longestBlankRowMs: longest,
      emptyFrames: frames.filter((f) => f[3]).length,
    };
  };
})()`;

/** Scrolls so many pixels per second with the wheel's steps, as a hand would. */
const scrollBy = (pixelsPerSecond: number): string => `(async () => {
  const grid = document.querySelector('.pictures .grid-scroll');
  const begin = performance.now();
  const from = grid.scrollTop;
  await new Promise((done) => {
    const step = () => {
      const passed = performance.now() - begin;
      grid.scrollTop = from + ${pixelsPerSecond} * passed / 1000;
      if (passed < ${SCROLL_MS}) requestAnimationFrame(step); else done();
    };
    requestAnimationFrame(step);
  });
})()`;

/** Jumps to far places with a pause to look, as with the scroll bar. */
const JUMPS = `(async () => {
  const grid = document.querySelector('.pictures .grid-scroll');
  for (const share of [0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 1, 0.6]) {
    grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
    await new Promise((done) => setTimeout(done, 750));
  }
})()`;

/** ms from the navigation's start until every cell in sight has its picture. */
const FIRST_SCREEN = `new Promise((resolve) => {
  const look = () => {
    const cells = [...document.querySelectorAll('.pictures .grid-cell')].filter((cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      return bottom > 0 && top < innerHeight - 60;
    });
    const there = cells.length > 0 && cells.every((cell) => {
      const image = cell.querySelector('img');
      return image !== null && image.complete && image.naturalWidth > 0;
    });
    if (there) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})`;

async function main(folder: string, count: number, prepared: boolean): Promise<void> {
  const workspace = join(folder, 'workspace');
  if (!existsSync(workspace)) await manyPictures(workspace, count, { prepared });
  const host = await startWebHost({
    port: 0,
    renderer: await builtWindow(),
    configFolder: join(folder, 'config'),
    fork: forkNodeEngine,
  });
  await host.desk.open(workspace, false);
  const browser = await chromium.launch(launchOptions());
  try {
    await measure(browser, host.address, count);
  } finally {
    await browser.close();
    await host.close();
  }
}

async function measure(browser: Browser, address: string, count: number): Promise<void> {
  const page = await browser.newPage({ viewport: SIZE });
  // The first visit also fills the engine's caches, as the first start after an import does.
  await page.goto(address);
  await page.evaluate(FIRST_SCREEN);
  const openings: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    await page.reload();
    openings.push(Math.round((await page.evaluate(FIRST_SCREEN)) as number));
  }
  openings.sort((a, b) => a - b);
  report('first-screen', {
    count,
    ms: openings,
    medianMs: openings[OPENINGS >> 1],
    goalMs: GOALS.firstScreenMs,
  });

  // As long as it takes somebody to look and reach for the wheel.
  await page.waitForTimeout(REST_MS);
  let worst = 0;
  for (const [name, code] of [
    ['jumps-at-once', JUMPS],
    ['slow', scrollBy(1000)],
    ['fast', scrollBy(5000)],
    ['flying', scrollBy(40_000)],
    ['jumps', JUMPS],
  ] as const) {
    if (name === 'slow') await page.waitForTimeout(SETTLE_MS);
    await page.evaluate(WATCH);
    await page.evaluate(code);
    await page.waitForTimeout(500);
    const seen = (await page.evaluate('window.benchStop()')) as Record<string, number>;
    if (name !== 'jumps-at-once') worst = Math.max(worst, seen.longestBlankRowMs);
    report(`scroll-${name}`, { ...rounded(seen), goalMs: GOALS.blankMs });
  }
  report('scroll-worst', { longestBlankRowMs: Math.round(worst), reached: worst < GOALS.blankMs });
  const memory = await memoryOf(page, browser);
  report('memory', { ...memory, goalMb: GOALS.memoryMb });
}

/** The page's JavaScript heap, and all memory of its process as the system counts it. */
async function memoryOf(page: Page, browser: Browser): Promise<Record<string, number>> {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentMb(id));
  return { heapMb: Math.round(usedSize / 1e6), rendererMb: Math.round(Math.max(...renderers)) };
}

function rounded(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, v]) => [key, Math.round(1000 * v) / 1000]));
}

function report(name: string, row: object): void {
  console.log(JSON.stringify({ name: `pictures.${name}`, ...row }));
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50000' },
    cold: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'flawsmith-pictures-'));
try {
  await main(folder, Number(values.count), !values.cold);
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
