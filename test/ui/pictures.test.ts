// The station Pictures: a report before anything is written, drops, splits that do not leak, 16 bit, by mouse and keyboard.

import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { listImages } from '../../src/engine/store/images.ts';
import { listProducts } from '../../src/engine/store/products.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { put } from '../engine/imaging/make-pictures.ts';
import { writePlate } from '../engine/support/plate.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { graveIssues, skipWithoutAxe } from './support/axe.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { openWorkbench, shot } from './support/workbench.ts';

describe('the station Pictures', { skip: skipWithoutChromium() }, () => {
  test('a chosen folder is reported; cancel leaves nothing, accept fills the grid', async (t) => {
    const source = await writePlate(tempFolder(t), { good: 3, each: 2 });
    writeFileSync(join(source, 'test/scratch/broken.png'), 'no picture');
    const { page, folder, faults } = await openWorkbench(t);
    await shot(page, 'pictures-empty');

    await choose(page, source);
    const dialog = page.getByRole('dialog', { name: 'Import pictures' });
    const problem = dialog.getByRole('row', { name: /broken\.png/ });
    await problem.waitFor();
    assert.match(await problem.innerText(), /left out/);
    await dialog.getByText('layout mvtec').waitFor();
    await dialog.getByText('4 masks').waitFor();
    assert.equal(await dialog.getByRole('row', { name: /^good/ }).innerText(), 'good\t3\t–\t–\t3');
    await shot(page, 'pictures-report');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(stored(folder), []);

    await choose(page, source);
    await dialog.getByRole('button', { name: 'Import 7 pictures' }).click();
    const grid = page.getByRole('listbox', { name: 'Pictures' });
    const cells = grid.getByRole('option');
    await cells.nth(6).waitFor();
    assert.equal(stored(folder).length, 7);
    assert.deepEqual(faults, []);

    await page.getByRole('radio', { name: 'scratch 2' }).click();
    await cells.nth(2).waitFor({ state: 'detached' });
    assert.equal(await cells.count(), 2);
    await grid.press('ArrowRight');
    await page.getByRole('complementary').getByText('192 × 144 px').waitFor();
    const width = await cells
      .first()
      .locator('img')
      .evaluate(async (img) => {
        await (img as unknown as Shown).decode();
        return (img as unknown as Shown).naturalWidth;
      });
    assert.equal(width, 192);
    await shot(page, 'pictures');
  });

  test('a folder dropped onto the page is brought here, reported, and let go', async (t) => {
    const root = join(tempFolder(t), 'line');
    await writePlate(root, { good: 2, each: 1 });
    await put(root, 'cap/train/good/a.png', await grey(40));
    await put(root, 'cap/test/bent/b.png', await grey(60));
    await put(root, 'cap/ground_truth/bent/b_mask.png', await grey(255, 4));
    const { page, folder } = await openWorkbench(t);
    const dropped = join(folder, 'cache/dropped');
    const dialog = page.getByRole('dialog', { name: 'Import pictures' });

    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    await drop(page, root);
    await dialog.getByText('This folder holds 2 products').waitFor();
    await dialog.getByRole('heading', { name: 'plate' }).waitFor();
    await shot(page, 'pictures-products');
    assert.equal(readdirSync(dropped).length, 1);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await until(() => readdirSync(dropped).length === 0);
    assert.deepEqual(stored(folder), []);

    await drop(page, root);
    await dialog.getByRole('heading', { name: 'cap' }).waitFor();
    await dialog.getByRole('button', { name: 'Import 6 pictures' }).click();
    await page.getByRole('listbox', { name: 'Pictures' }).getByRole('option').nth(1).waitFor();
    await until(() => stored(folder).length === 6 && readdirSync(dropped).length === 0);
    const workspace = openWorkspaceForReading(folder);
    t.after(() => workspace.close());
    assert.deepEqual(
      listProducts(workspace.db).map(({ name }) => name),
      ['cap', 'plate'],
    );
  });

  test('splits: a leak is named and mended, keys set the chosen, parts and rules show what they would do', async (t) => {
    const source = await writePlate(tempFolder(t), { good: 9, each: 2 });
    const again = await sharp(join(source, 'train/good/000.png')).jpeg({ quality: 80 }).toBuffer();
    await put(source, 'test/good/again.jpg', again);
    const { page, folder, faults } = await openWorkbench(t);
    await choose(page, source);
    await page.getByRole('button', { name: 'Import 14 pictures' }).click();
    const grid = page.getByRole('listbox', { name: 'Pictures' });
    await grid.getByRole('option').nth(13).waitFor();

    // Near-duplicates are looked for in the background.
    await grid
      .getByRole('img', { name: /near-duplicate/ })
      .nth(1)
      .waitFor();
    await page.getByRole('combobox', { name: 'Remarks' }).selectOption('near-duplicate');
    await grid.getByText('group 1 · again.jpg').waitFor();
    assert.equal(await grid.getByRole('option').count(), 2);
    await shot(page, 'pictures-near');
    await page.getByRole('combobox', { name: 'Remarks' }).selectOption('');

    await page.getByRole('tab', { name: 'Splits' }).click();
    const leak = page.getByRole('region', { name: '1 leak between splits' });
    await leak.getByText('test/good/again.jpg').waitFor();
    await leak.getByText('train/good/000.png').waitFor();
    await shot(page, 'pictures-splits');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
    await leak.getByRole('button', { name: /Put all 2 into/ }).click();
    await leak.waitFor({ state: 'detached' });
    assert.equal(splitOf(folder, 'again.jpg'), splitOf(folder, 'good/000.png'));
    await page.keyboard.press('Control+z');
    await leak.waitFor();
    assert.notEqual(splitOf(folder, 'again.jpg'), splitOf(folder, 'good/000.png'));

    await page.getByRole('radio', { name: 'dent 2' }).click();
    await grid.getByRole('option').nth(2).waitFor({ state: 'detached' });
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('heading', { name: '2 pictures are chosen' }).waitFor();
    await page.keyboard.press('v');
    await page.getByText('2 pictures changed').waitFor();
    assert.equal(splitOf(folder, 'dent/001.png'), 'validation');

    await page.getByRole('button', { name: 'Name physical parts' }).click();
    const parts = page.getByRole('dialog', { name: 'Name physical parts' });
    await parts.getByLabel('What tells the physical part in a file name').fill('([');
    await parts.getByText('this is not a regular expression').waitFor();
    await parts.getByLabel('What tells the physical part in a file name').fill('good/(\\d+)');
    await parts.getByText('9 parts', { exact: true }).waitFor();
    await parts.getByText('5 pictures do not match').waitFor();
    await shot(page, 'pictures-parts');
    assert.ok(stored(folder).every(({ group }) => group === null));
    await parts.getByRole('button', { name: 'Change 9 pictures' }).click();
    await page.getByText('9 physical parts are known').waitFor();

    await page.getByRole('button', { name: 'Divide by a rule' }).click();
    const rule = page.getByRole('dialog', { name: 'Divide by a rule' });
    await rule.getByRole('button', { name: /^Change \d+ pictures/ }).click();
    await leak.waitFor({ state: 'detached' });
    assert.ok(stored(folder).every(({ split }) => split !== null));
    assert.equal(splitOf(folder, 'again.jpg'), splitOf(folder, 'good/000.png'));
    assert.deepEqual(faults, []);
  });

  test('16 bit: the range is found, set by hand or by dragging, and remembered; in German too', async (t) => {
    const source = join(tempFolder(t), 'xray');
    await put(source, 'train/good/a.png', await deep());
    await put(source, 'test/pore/b.png', await deep());
    await put(source, 'ground_truth/pore/b_mask.png', await grey(255, 4));
    const { page } = await openWorkbench(t);
    await choose(page, source);
    await page.getByRole('button', { name: 'Import 2 pictures' }).click();
    const side = page.getByRole('complementary');
    const shown = side.getByRole('img', { name: 'test/pore/b.png' });
    await shown.waitFor();
    assert.match((await shown.getAttribute('src'))!, /low=10\d\d&high=28\d\d|low=9\d\d&high=/);

    const range = side.getByRole('region', { name: 'Shown range' });
    const black = range.getByRole('slider', { name: 'Black at' });
    await black.fill('1500');
    await side.locator('img[src*="low=1497&"]:not([src*="size"])').waitFor();
    await shot(page, 'pictures-16-bit');
    const box = (await shown.boundingBox())!;
    await page.mouse.move(box.x + 40, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 40, box.y + 80, { steps: 4 });
    await page.mouse.up();
    await side.locator('img[src*="low="]:not([src*="low=1497&"]):not([src*="size"])').waitFor();
    const dragged = await shown.getAttribute('src');
    await page.reload();
    await side.locator(`img[src="${dragged}"]`).waitFor();
    await page.keyboard.press('a');
    await side.locator(`img[src="${dragged}"]`).waitFor({ state: 'detached' });

    await side.getByRole('button', { name: 'Correct it by brush' }).click();
    await page.getByRole('application', { name: /b\.png/ }).waitFor();
    await page.getByText(/^Where the product is, for/).waitFor();
    await page.keyboard.press('Alt+1');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Language').selectOption('de');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Teilmengen' }).click();
    await page.getByRole('heading', { name: '1 Bild ist gewählt' }).waitFor();
    await shot(page, 'pictures-german');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
  });
});

interface Shown {
  decode(): Promise<void>;
  naturalWidth: number;
}

async function choose(page: Page, source: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Choose a folder' }).click();
  const picker = page.getByRole('dialog');
  await picker.getByLabel('Folder', { exact: true }).fill(source);
  await picker.getByLabel('Folder', { exact: true }).press('Enter');
  await picker.locator('.picker-list li').first().waitFor();
  await picker.getByRole('button', { name: 'Choose this folder' }).click();
}

/** As the file manager does it. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 300, data });
  await session.detach();
}

function grey(value: number, side = 48): Promise<Uint8Array> {
  const flat = {
    create: { width: side, height: side, channels: 3 as const, background: { r: value, g: value, b: value } },
  };
  const ground = { create: { width: 48, height: 48, channels: 3 as const, background: '#000000' } };
  return value === 255
    ? sharp(ground)
        .composite([{ input: flat, left: 8, top: 8 }])
        .png()
        .toBuffer()
    : sharp(flat).png().toBuffer();
}

/** 12 of 16 bits: code values 1000 to 2900. */
async function deep(): Promise<Uint8Array> {
  const data = Uint16Array.from({ length: 48 * 48 }, (_, i) => 1000 + ((i * 37) % 1900));
  return sharp(data, { raw: { width: 48, height: 48, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
}

function stored(folder: string) {
  const workspace = openWorkspaceForReading(folder);
  try {
    return listProducts(workspace.db).flatMap(({ id }) => listImages(workspace.db, id));
  } finally {
    workspace.close();
  }
}

function splitOf(folder: string, file: string): string | null {
  return stored(folder).find((image) => image.file.endsWith(file))!.split;
}

async function until(fulfilled: () => boolean): Promise<void> {
  while (!fulfilled()) await new Promise((resolve) => setTimeout(resolve, 50));
}
