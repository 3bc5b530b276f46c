// npm run screenshots [-- --out FOLDER] [--workspaces FOLDER] [--parts stations,sheets,readme]: every station empty,
// working and on damaged files in two sizes; contact sheets of other sizes, dark and German; the six of the README, into
// docs/images. Without --parts the first two. Workspaces that were made before are taken from FOLDER.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright';
import sharp from 'sharp';
import { findChromium, launchOptions } from '../../test/ui/support/chromium.ts';
import { builtWindow } from '../../test/ui/support/window-build.ts';
import { type Look, openCamera, settled } from './camera.ts';
import { contactSheet } from './contact-sheet.ts';
import { README_SCENES, SCENES, type Scene } from './scenes.ts';
import { makeWorkspaces, type Workspaces } from './workspaces.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const english = { theme: 'light', language: 'en-GB' } as const;
const SINGLE: readonly Look[] = [
  { name: '1280x720', width: 1280, height: 720, ...english },
  { name: '1920x1080', width: 1920, height: 1080, ...english },
];
const ON_SHEETS: readonly Look[] = [
  { name: '3840x2160', width: 3840, height: 2160, ...english },
  { name: 'dark', width: 1920, height: 1080, theme: 'dark', language: 'en-GB' },
  { name: 'german', width: 1280, height: 720, theme: 'light', language: 'de-DE' },
];
const README_LOOK: Look = { name: 'readme', width: 1440, height: 810, theme: 'dark', language: 'en-GB' };

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'out/screenshots') },
    workspaces: { type: 'string' },
    parts: { type: 'string', default: 'stations,sheets' },
  },
});
const parts = values.parts.split(',');
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
if (findChromium() === null) {
  console.log('no Chromium is installed and none could be fetched: no pictures were taken');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'flawsmith-screenshots-'));
// A copy: the window may be built anew while pictures are taken.
const place = { renderer: join(folder, 'window'), config: join(folder, 'config') };
cpSync(await builtWindow(), place.renderer, { recursive: true });
const browser = await chromium.launch(launchOptions());
try {
  console.log('Making the workspaces ...');
  const workspaces = await makeWorkspaces(resolve(values.workspaces ?? folder));
  for (const look of parts.includes('stations') ? SINGLE : [])
    await shootAll(browser, look, workspaces, SCENES);
  for (const look of parts.includes('sheets') ? ON_SHEETS : []) {
    const files = await shootAll(
      browser,
      look,
      workspaces,
      SCENES.filter(({ state }) => state === 'working'),
    );
    await contactSheet(files, join(out, `sheet-${look.name}.png`));
  }
  if (parts.includes('readme')) await forReadme(browser, workspaces);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

async function shootAll(
  from: Browser,
  look: Look,
  workspaces: Workspaces,
  scenes: readonly Scene[],
): Promise<string[]> {
  const files: string[] = [];
  const first = await openCamera(from, look, null, place);
  await settled(first.page);
  await first.page.screenshot({ path: join(out, `${look.name}-start.png`) });
  await first.close();
  for (const workspace of ['empty', 'working', 'damaged'] as const) {
    const here = scenes.filter((scene) => scene.workspace === workspace);
    if (here.length === 0) continue;
    const camera = await openCamera(from, look, workspaces[workspace], place);
    for (const scene of here) {
      const file = join(out, `${look.name}-${scene.station}-${scene.state}.png`);
      await camera.shoot(scene, file);
      files.push(file);
      console.log(file);
    }
    await camera.close();
  }
  return files;
}

async function forReadme(from: Browser, workspaces: Workspaces): Promise<void> {
  const images = join(ROOT, 'docs/images');
  mkdirSync(images, { recursive: true });
  const camera = await openCamera(from, README_LOOK, workspaces.working, place);
  for (const { name, ...scene } of README_SCENES) {
    const file = join(out, `readme-${name}.png`);
    await camera.shoot(scene, file);
    await sharp(file)
      .webp({ quality: 82 })
      .toFile(join(images, `${name}.webp`));
  }
  await camera.close();
}
