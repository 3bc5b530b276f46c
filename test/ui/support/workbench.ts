// The workbench as a user has it: the real host with a real engine on a real folder, in a real browser.

import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright';
import { isWorkspace } from '../../../src/engine/workspace.ts';
import { forkNodeEngine } from '../../../src/hosts/desk/fork-node.ts';
import { startWebHost, type WebHost } from '../../../src/hosts/web/server.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { launchOptions } from './chromium.ts';
import { builtWindow } from './window-build.ts';

export interface Workbench {
  page: Page;
  host: WebHost;
  browser: Browser;
  /** The workspace's folder. */
  folder: string;
  /** Faults of the page so far: exceptions, and errors on its console. */
  faults: string[];
}

export interface WorkbenchOptions {
  /** Folder to open (made where it is none); null begins at the first page. */
  workspace?: string | null;
  size?: { width: number; height: number };
  language?: string;
  theme?: 'dark' | 'light';
}

const PATIENCE_MS = 180_000;

export async function openWorkbench(t: TestContext, options: WorkbenchOptions = {}): Promise<Workbench> {
  const folder = options.workspace ?? join(tempFolder(t), 'workspace');
  const host = await startWebHost({
    port: 0,
    renderer: await builtWindow(),
    configFolder: join(tempFolder(t), 'config'),
    fork: forkNodeEngine,
  });
  t.after(() => host.close());
  if (options.workspace !== null) await host.desk.open(folder, !isWorkspace(folder));
  const browser = await chromium.launch(launchOptions());
  t.after(() => browser.close());
  const page = await browser.newPage({
    viewport: options.size ?? { width: 1280, height: 720 },
    locale: options.language ?? 'en-GB',
    colorScheme: options.theme ?? 'dark',
  });
  // A busy machine is slow, not broken.
  page.setDefaultTimeout(PATIENCE_MS);
  const faults = watchFaults(page);
  await page.goto(host.address);
  await page
    .getByRole(options.workspace === null ? 'heading' : 'navigation')
    .first()
    .waitFor();
  return { page, host, browser, folder, faults };
}

/** Another window of the same host. */
export async function openWindow({ browser, host }: Workbench): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(host.address);
  return page;
}

/** Writes a screenshot where FLAWSMITH_SHOTS points; nothing without it. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.FLAWSMITH_SHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

function watchFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return faults;
}
