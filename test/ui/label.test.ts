// The station Label driven as a person does: painted with the mouse and by keys in a real browser, on a real engine.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { defaultServices } from '../../src/engine/default-services.ts';
import { decodeMask } from '../../src/engine/imaging/index.ts';
import { type LabelledImage, listImages } from '../../src/engine/store/images.ts';
import { findProduct } from '../../src/engine/store/products.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { put } from '../engine/imaging/make-pictures.ts';
import { connect, resultOf } from '../engine/support/connected.ts';
import { fakeServices } from '../engine/support/fake-services.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { openWorkbench, shot, type Workbench } from './support/workbench.ts';

const W = 320;
const H = 240;

/** A grey part with a dark square hole: something for the wand and for snapping. */
async function picture(bright: number, deep = false): Promise<Uint8Array> {
  const svg = `<svg width="${W}" height="${H}"><rect width="100%" height="100%" fill="rgb(${bright},${bright},${bright})"/>
    <rect x="200" y="100" width="40" height="30" fill="#202020"/></svg>`;
  const image = sharp(Buffer.from(svg)).flatten();
  return new Uint8Array(await (deep ? image.toColourspace('rgb16').png() : image.png()).toBuffer());
}

async function workspaceWithPictures(t: TestContext): Promise<string> {
  const folder = join(tempFolder(t), 'workspace');
  const source = join(tempFolder(t), 'ring');
  for (const [name, bright] of [
    ['a', 120],
    ['b', 140],
    ['c', 160],
  ] as const)
    await put(source, `train/good/${name}.png`, await picture(bright));
  const services = { ...fakeServices(), datasets: defaultServices().datasets };
  const { client, close } = connect(t, folder, {}, services);
  await client.workspace.init({});
  await resultOf(
    client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: true, product: 'ring' }),
  );
  await close();
  return folder;
}

async function openLabel(t: TestContext): Promise<Workbench> {
  const workbench = await openWorkbench(t, { workspace: await workspaceWithPictures(t) });
  await workbench.page.keyboard.press('Alt+2');
  await canvasOf(workbench.page).waitFor();
  await ready(workbench.page);
  return workbench;
}

const canvasOf = (page: Page) => page.getByRole('application', { name: /^Canvas with .*png/ });

/** The picture is drawn. */
async function ready(page: Page): Promise<void> {
  const drawn = `(() => {
    const canvas = document.querySelector('.paint > canvas');
    const at = canvas?.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return at !== undefined && at[3] === 255;
  })()`;
  await eventually(async () => ((await page.evaluate(drawn)) ? true : undefined));
}

async function addType(page: Page, name: string): Promise<void> {
  await page.getByLabel('New type').fill(name);
  await page.getByLabel('New type').press('Enter');
  await page.getByRole('radio', { name }).waitFor();
  await page.locator('.label-type.chosen', { hasText: name }).waitFor();
}

/** Screen position of a place in the fitted picture. */
async function at(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = (await canvasOf(page).boundingBox())!;
  const scale = Math.min(box.width / W, box.height / H, 8);
  return [box.x + box.width / 2 + (x - W / 2) * scale, box.y + box.height / 2 + (y - H / 2) * scale];
}

async function drag(page: Page, ...points: [number, number][]): Promise<void> {
  await page.mouse.move(...(await at(page, ...points[0])));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...(await at(page, ...point)), { steps: 4 });
  await page.mouse.up();
}

const saved = (page: Page) => page.getByText('All saved').waitFor();

function rows(folder: string): LabelledImage[] {
  const workspace = openWorkspaceForReading(folder);
  try {
    return listImages(workspace.db, findProduct(workspace.db, 'ring')!.id);
  } finally {
    workspace.close();
  }
}

async function eventually<T>(get: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let i = 0; ; i++) {
    const found = await get();
    if (found !== undefined) return found;
    assert.ok(i < 100, 'it did not come');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The stored mask, once it has the area. */
async function maskOf(folder: string, file: string, type: string, area: (px: number) => boolean) {
  const row = await eventually(() =>
    rows(folder).find((r) => r.file.endsWith(file) && r.type === type && area(r.maskAreaPx ?? 0)),
  );
  const workspace = openWorkspaceForReading(folder);
  try {
    return (await decodeMask(await workspace.blobs.get(row.maskBlob!), row)).mask;
  } finally {
    workspace.close();
  }
}

describe('the station Label', { skip: skipWithoutChromium() }, () => {
  test('paints with every tool; the mask in the dataset is what was painted', async (t) => {
    const { page, folder, faults } = await openLabel(t);
    await shot(page, 'label-empty');
    await addType(page, 'scratch');
    await page.keyboard.press('R');
    await drag(page, [20.5, 30.5], [59.5, 49.5]);
    await page.keyboard.press('D');
    for (let i = 0; i < 12; i++) await page.keyboard.press('[');
    await page.mouse.move(...(await at(page, 40.5, 40.5)));
    await page.mouse.click(...(await at(page, 40.5, 40.5)), { button: 'right' });
    await page.mouse.click(...(await at(page, 100.5, 60.5)));
    await page.mouse.click(...(await at(page, 110.5, 60.5)));
    await saved(page);
    const mask = await maskOf(folder, 'a.png', 'scratch', (px) => px === 40 * 20 - 1 + 2);
    assert.equal(mask.data[40 * W + 40], 0, 'a hole of one pixel');
    assert.equal(mask.data[60 * W + 100], 1, 'a speck of one pixel');
    assert.equal(mask.data.slice(30 * W + 20, 30 * W + 60).includes(0), false);

    await page.keyboard.press('F');
    await page.mouse.click(...(await at(page, 40.5, 40.5)));
    await maskOf(folder, 'a.png', 'scratch', (px) => px === 40 * 20 + 2);

    await addType(page, 'dent');
    await page.keyboard.press('W');
    await page.mouse.click(...(await at(page, 220, 115)));
    await maskOf(folder, 'a.png', 'dent', (px) => px === 40 * 30);
    await page.keyboard.press('L');
    await drag(page, [30, 150], [90, 200]);
    await page.keyboard.press('P');
    for (const [x, y] of [
      [130, 150],
      [170, 150],
      [150, 190],
    ])
      await page.mouse.click(...(await at(page, x, y)));
    await page.keyboard.press('Enter');
    await maskOf(folder, 'a.png', 'dent', (px) => px > 1200 + 2200 + 700);
    await shot(page, 'label-working');
    await page.keyboard.press('Delete');
    await eventually(() => (rows(folder).some((r) => r.type === 'dent') ? undefined : true));
    assert.deepEqual(faults, []);
  });

  test('undo and redo by the stroke, also after the window and the engine were gone', async (t) => {
    const { page, host, folder } = await openLabel(t);
    await addType(page, 'scratch');
    await page.keyboard.press('R');
    await drag(page, [20, 20], [29, 29]);
    await drag(page, [50, 20], [59, 29]);
    await drag(page, [80, 20], [89, 29]);
    await page.keyboard.press('Control+z');
    await saved(page);
    await maskOf(folder, 'a.png', 'scratch', (px) => px === 200);
    process.kill(host.desk.enginePid!, 'SIGKILL');
    await page.reload();
    await ready(page);
    await page.getByRole('button', { name: 'Redo' }).click();
    await maskOf(folder, 'a.png', 'scratch', (px) => px === 300);
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
    await eventually(() => rows(folder).find((r) => r.file.endsWith('a.png') && r.role === 'normal'));
    await page.keyboard.press('Control+Shift+z');
    await maskOf(folder, 'a.png', 'scratch', (px) => px === 100);
  });

  test('the engine dies in mid-stroke: the stroke and those before are kept', async (t) => {
    const { page, host, folder } = await openLabel(t);
    await addType(page, 'scratch');
    await page.keyboard.press('R');
    await drag(page, [20, 20], [29, 29]);
    await page.mouse.move(...(await at(page, 60, 60)));
    await page.mouse.down();
    process.kill(host.desk.enginePid!, 'SIGKILL');
    await page.mouse.move(...(await at(page, 69, 69)));
    await page.mouse.up();
    await saved(page);
    await maskOf(folder, 'a.png', 'scratch', (px) => px === 200);
  });

  test('without a mouse: type, pen, marks and the next picture', async (t) => {
    const { page, folder, faults } = await openLabel(t);
    await addType(page, 'scratch');
    await canvasOf(page).focus();
    await page.keyboard.press('R');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await maskOf(folder, 'a.png', 'scratch', (px) => px === 10);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('application', { name: /b\.png/ }).waitFor();
    await page.keyboard.press('U');
    await eventually(() => rows(folder).find((r) => r.file.endsWith('b.png') && r.role === 'unlabelled'));
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('application', { name: /a\.png/ }).waitFor();
    await page.keyboard.press('PageDown');
    await page.getByRole('application', { name: /b\.png/ }).waitFor();
    await page.keyboard.press('N');
    await eventually(() => rows(folder).find((r) => r.file.endsWith('b.png') && r.role === 'normal'));
    await page.keyboard.press('T');
    await eventually(() => rows(folder).find((r) => r.file.endsWith('b.png') && r.type === 'scratch'));
    assert.deepEqual(faults, []);
  });

  test('ignore zones and the product are painted beside the defects', async (t) => {
    const { page, folder } = await openLabel(t);
    await page.keyboard.press('I');
    await page.keyboard.press('R');
    await drag(page, [20, 20], [39, 39]);
    await eventually(() => rows(folder).find((r) => r.file.endsWith('a.png') && r.ignoreBlob));
    await page.keyboard.press('G');
    await page.getByText('for all pictures of this size').waitFor();
    await page.getByRole('button', { name: 'Undo' }).and(page.locator(':disabled')).waitFor();
    await page.mouse.move(...(await at(page, 5, 5)));
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(...(await at(page, 100, 100)));
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await eventually(() => (rows(folder).every((r) => r.foregroundBlob) ? true : undefined));
    assert.equal(
      rows(folder).every((r) => r.role === 'normal'),
      true,
    );
  });
});
