// A real Chromium for the browser tests: the one Playwright knows, one of the system, or one fetched now.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type LaunchOptions } from 'playwright';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const PLAYWRIGHT = fileURLToPath(new URL('../../../node_modules/playwright/cli.js', import.meta.url));

let found: string | null | undefined;

/** Path of a browser; null where there is none and none could be fetched. */
export function findChromium(): string | null {
  found ??= [process.env.FLAWSMITH_CHROMIUM, chromium.executablePath(), ...SYSTEM].find(
    (path): path is string => path !== undefined && existsSync(path),
  );
  if (found === undefined) {
    spawnSync(process.execPath, [PLAYWRIGHT, 'install', 'chromium'], { stdio: 'ignore', timeout: 300_000 });
    found = existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
  }
  return found;
}

/** Reason to skip a suite; false where a browser is there. */
export function skipWithoutChromium(): string | false {
  return findChromium() === null ? 'no Chromium is installed and none could be fetched' : false;
}

export function launchOptions(): LaunchOptions {
  // Chromium's sandbox needs a user other than root; only there it is off.
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  return { executablePath: findChromium()!, args: root ? ['--no-sandbox'] : [] };
}
