// npm run bench:brush: how long after a pointer event its paint is on the screen, on a picture of 20 megapixels in a
// window of 1920x1080, measured by the browser's own trace (event created to frame presented).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Browser, chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { defaultServices } from '../../src/engine/default-services.ts';
import { forkNodeEngine } from '../../src/hosts/desk/fork-node.ts';
import { startWebHost } from '../../src/hosts/web/server.ts';
import { put } from '../engine/imaging/make-pictures.ts';
import { connect } from '../engine/support/connected.ts';
import { launchOptions } from '../ui/support/chromium.ts';
import { builtWindow } from '../ui/support/window-build.ts';
import { type Latency, latencies, quantile } from './trace-latency.ts';

const WIDTH = 5472;
const HEIGHT = 3648;
const SIZE = { width: 1920, height: 1080 };
const STROKES = 12;
const MOVES = 40;
const GOAL_MS = 25;
const DURABLE_MS = 100;

/** Rough ground with a round part: as hard to draw as a photo. */
async function photo(): Promise<Uint8Array> {
  const side = [WIDTH / 4, HEIGHT / 4];
  const ground = Buffer.alloc(side[0] * side[1] * 3);
  for (let i = 0, state = 1; i < ground.length; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    ground[i] = 100 + ((state >> 16) % 60);
  }
  const part = `<svg width="${WIDTH}" height="${HEIGHT}"><circle cx="2700" cy="1800" r="1400" fill="#b0b4b8" fill-opacity=".7"/></svg>`;
  const image = sharp(ground, { raw: { width: side[0], height: side[1], channels: 3 } })
    .resize(WIDTH, HEIGHT)
    .composite([{ input: Buffer.from(part) }]);
  return new Uint8Array(await image.jpeg({ quality: 92 }).toBuffer());
}

/** Calls what is to be done at the end. */
const ends: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => void ends.push(end) } as never;

async function workspace(folder: string): Promise<void> {
  const source = join(folder, 'part');
  await put(source, 'train/good/large.jpg', await photo());
  const { client, close } = connect(context, join(folder, 'workspace'), {}, defaultServices());
  await client.workspace.init({});
  const input = { source, layout: 'auto', dryRun: false, skipBad: true, product: 'part' } as const;
  for await (const _ of await client.datasets.import(input));
  await client.labels.addType({ product: 'part', name: 'scratch' });
  await close();
}

async function paint(page: Page, browser: Browser, size: number): Promise<Latency[]> {
  const box = (await page.getByRole('application').boundingBox())!;
  const input = page.getByRole('slider', { name: 'Size' });
  await input.fill(String(Math.round(100 * Math.log2(size))));
  await browser.startTracing(page, {
    categories: ['cc', 'benchmark', 'input', 'latencyInfo', 'disabled-by-default-devtools.timeline.frame'],
  });
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const y = box.y + 60 + ((box.height - 120) * stroke) / STROKES;
    await page.mouse.move(box.x + 60, y);
    await page.mouse.down();
    for (let i = 1; i <= MOVES; i++) {
      const x = box.x + 60 + ((box.width - 120) * i) / MOVES;
      await page.mouse.move(x, y + 30 * Math.sin(i / 4));
    }
    await page.mouse.up();
  }
  return latencies((await browser.stopTracing()).toString());
}

/** Milliseconds from the pen's lifting to the step in the database, as another reader of the file sees it. */
async function durability(page: Page, folder: string): Promise<number[]> {
  const db = new Database(join(folder, 'flawsmith.db'), { readonly: true });
  const steps = db.prepare<[], number>('SELECT count(*) FROM label_steps').pluck();
  const box = (await page.getByRole('application').boundingBox())!;
  const taken: number[] = [];
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const before = steps.get()!;
    const y = box.y + 60 + ((box.height - 120) * stroke) / STROKES;
    await page.mouse.move(box.x + 80, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 80, y + 20, { steps: 10 });
    const lifted = performance.now();
    await page.mouse.up();
    while (steps.get() === before) await new Promise((resolve) => setTimeout(resolve, 1));
    taken.push(performance.now() - lifted);
  }
  db.close();
  return taken;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-brush-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  await workspace(folder);
  const host = await startWebHost({
    port: 0,
    renderer: await builtWindow(),
    configFolder: join(folder, 'config'),
    fork: forkNodeEngine,
  });
  ends.unshift(() => host.close());
  await host.desk.open(join(folder, 'workspace'), false);
  const browser = await chromium.launch(launchOptions());
  ends.unshift(() => browser.close());
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(host.address);
  await page.getByRole('navigation').first().waitFor();
  await page.keyboard.press('Alt+2');
  await page.getByRole('application', { name: /large/ }).waitFor();
  // Until every pixel and the smaller versions are there.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(4000);
  await page.getByText('Nothing is running').waitFor();
  await paint(page, browser, 40);
  let worst = 0;
  for (const [zoom, size] of [
    ['fit', 40],
    ['fit', 300],
    ['100 %', 40],
    ['400 %', 8],
  ] as const) {
    await page.keyboard.press('0');
    if (zoom !== 'fit') {
      const clicks = zoom === '100 %' ? 2 : 4;
      for (let i = 0; i < clicks; i++) await page.getByRole('button', { name: 'Zoom in (+)' }).click();
    }
    const found = await paint(page, browser, size);
    const of = (q: number): number =>
      Math.round(
        10 *
          quantile(
            found.map(({ ms }) => ms),
            q,
          ),
      ) / 10;
    worst = Math.max(worst, of(0.95));
    const row = {
      name: 'brush',
      zoom,
      size,
      events: found.length,
      p50Ms: of(0.5),
      p95Ms: of(0.95),
      p99Ms: of(0.99),
    };
    console.log(JSON.stringify(row));
  }
  const durable = await durability(page, join(folder, 'workspace'));
  const p95 = Math.round(quantile(durable, 0.95));
  console.log(
    JSON.stringify({
      name: 'stroke.durable',
      strokes: durable.length,
      p50Ms: Math.round(quantile(durable, 0.5)),
      p95Ms: p95,
      goalMs: DURABLE_MS,
      reached: p95 < DURABLE_MS,
    }),
  );
  console.log(
    JSON.stringify({ name: 'brush.worst', p95Ms: worst, goalMs: GOAL_MS, reached: worst < GOAL_MS }),
  );
}

try {
  await main();
} finally {
  for (const end of ends) await end();
}
