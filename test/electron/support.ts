// The desktop app in Electron, driven by Playwright, where Electron's runtime is installed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { buildApp } from '../../scripts/package/build-app.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Electron's program; null where its runtime was not downloaded. */
function electronProgram(): string | null {
  const named = join(ROOT, 'node_modules/electron/path.txt');
  if (!existsSync(named)) return null;
  const program = join(ROOT, 'node_modules/electron/dist', readFileSync(named, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/** Reason to skip a suite; false where the app can be started. */
export function skipWithoutElectron(): string | false {
  if (electronProgram() === null)
    return "Electron's runtime is not installed (npm rebuild electron fetches it)";
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return screen ? false : 'there is no screen; xvfb-run gives one';
}

export interface Running {
  app: ElectronApplication;
  page: Page;
}

let built = false;

export async function startApp(t: TestContext, args: readonly string[] = []): Promise<Running> {
  if (!built) buildApp(ROOT, join(ROOT, 'out'));
  built = true;
  const userData = tempFolder(t);
  // Chromium's sandbox needs a user other than root; only there it is off.
  const root = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: electronProgram()!,
    args: [ROOT, ...root, `--user-data-dir=${userData}`, ...args],
  });
  t.after(() => app.close());
  const page = await app.firstWindow();
  await page.getByRole('heading').or(page.getByRole('navigation')).first().waitFor();
  return { app, page };
}
