// npm run bench:review: how long after the key the next candidate is on the screen, at 2,000 candidates of one megapixel,
// in a real Chromium: from the key event to the frame that shows the decoded picture.
//   --count N (2000)   --keys N (60)   --pause MS between two keys (350)

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CDPSession, chromium, type Page } from 'playwright';
import { forkNodeEngine } from '../../src/hosts/desk/fork-node.ts';
import { startWebHost } from '../../src/hosts/web/server.ts';
import { launchOptions } from '../ui/support/chromium.ts';
import { builtWindow } from '../ui/support/window-build.ts';
import { manyCandidates } from './many-candidates.ts';
import { quantile } from './trace-latency.ts';

const SIZE = { width: 1920, height: 1080 };
const GOAL_MS = 100;

/** For every key: when the marked pane shows another picture, decoded, and that frame was handed over. */
const WATCH = `(() => {
  const shown = () => document.querySelector('.review-pane.marked img');
  window.benchTimes = [];
  window.addEventListener('keydown', (event) => {
    const begun = event.timeStamp;
    const before = shown()?.src;
    const look = async () => {
      const image = shown();
      if (image === null || image.src === before) return requestAnimationFrame(look);
      await image.decode().catch(() => {});
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.benchTimes.push(performance.now() - begun);
        port2.postMessage(0);
      });
    };
    requestAnimationFrame(look);
  }, true);
})()`;

async function measure(page: Page, keys: number, pauseMs: number): Promise<number[]> {
  await page.evaluate(WATCH);
  for (let i = 0; i < keys; i++) {
    await page.keyboard.press(i % 4 === 3 ? '1' : 'a');
    await page.waitForTimeout(pauseMs);
  }
  await page.waitForTimeout(2000);
  return (await page.evaluate('window.benchTimes')) as number[];
}

/** What the page's main thread has done so far, in seconds. */
async function workOf(session: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function main(folder: string, count: number, keys: number, pauseMs: number): Promise<void> {
  const workspace = join(folder, 'workspace');
  await manyCandidates(workspace, count);
  const host = await startWebHost({
    port: 0,
    renderer: await builtWindow(),
    configFolder: join(folder, 'config'),
    fork: forkNodeEngine,
  });
  await host.desk.open(workspace, false);
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(host.address);
    await page.getByRole('navigation').first().waitFor();
    await page.keyboard.press('Alt+5');
    await page.locator('.review-pane.marked img').waitFor();
    await page.waitForTimeout(3000);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const before = await workOf(session);
    const times = await measure(page, keys, pauseMs);
    const after = await workOf(session);
    const of = (share: number): number => Math.round(quantile(times, share));
    const row = { count, keys: times.length, pauseMs, p50Ms: of(0.5), p95Ms: of(0.95), mostMs: of(1) };
    const perKey = (name: string): number => Math.round((1000 * (after[name] - before[name])) / times.length);
    const work = {
      scriptMs: perKey('ScriptDuration'),
      layoutMs: perKey('LayoutDuration'),
      taskMs: perKey('TaskDuration'),
    };
    console.log(
      JSON.stringify({ name: 'review.next', ...row, ...work, goalMs: GOAL_MS, reached: row.p95Ms < GOAL_MS }),
    );
  } finally {
    await browser.close();
    await host.close();
  }
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    keys: { type: 'string', default: '60' },
    pause: { type: 'string', default: '350' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'flawsmith-review-'));
try {
  await main(folder, Number(values.count), Number(values.keys), Number(values.pause));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
