// Opens the window on a workspace as a user has it, and takes pictures of it.

import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { forkNodeEngine } from '../../src/hosts/desk/fork-node.ts';
import { startWebHost, type WebHost } from '../../src/hosts/web/server.ts';
import { STATION_IDS } from '../../src/renderer/stations/station.ts';
import type { Scene } from './scenes.ts';

export interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly theme: 'dark' | 'light';
  readonly language: 'en-GB' | 'de-DE';
}

const PATIENCE_MS = 120_000;
/** Thumbnails and drawings that no request tells of. */
const SETTLE_MS = 700;

export interface Camera {
  shoot(scene: Scene, file: string): Promise<void>;
  /** The page as it is. */
  page: Page;
  close(): Promise<void>;
}

export async function openCamera(
  browser: Browser,
  look: Look,
  workspace: string | null,
  place: { renderer: string; config: string },
): Promise<Camera> {
  const host: WebHost = await startWebHost({
    port: 0,
    renderer: place.renderer,
    configFolder: join(place.config, look.name),
    fork: forkNodeEngine,
  });
  if (workspace !== null) await host.desk.open(workspace, false);
  const page = await browser.newPage({
    viewport: { width: look.width, height: look.height },
    locale: look.language,
    colorScheme: look.theme,
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(host.address);
  await page
    .getByRole(workspace === null ? 'heading' : 'navigation')
    .first()
    .waitFor();
  return {
    page,
    async shoot({ station, act }, file) {
      const key = STATION_IDS.indexOf(station) + 1;
      await page.keyboard.press(`Alt+${key}`);
      await page.locator(`nav button:nth-of-type(${key})[aria-current=page]`).waitFor();
      await settled(page);
      await act?.(page);
      await settled(page);
      await page.screenshot({ path: file });
    },
    async close() {
      await page.close();
      await host.close();
    },
  };
}

export async function settled(page: Page): Promise<void> {
  await page.locator('.station-page [aria-busy=true]').waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(SETTLE_MS);
}
