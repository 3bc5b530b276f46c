// The station Pictures: a report before anything is written, then a grid by mouse and keyboard.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright';
import { renderSample } from '../../src/engine/datasets/sample-service.ts';
import { listImages } from '../../src/engine/store/images.ts';
import { listProducts } from '../../src/engine/store/products.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { openWorkbench, shot } from './support/workbench.ts';

describe('the station Pictures', { skip: skipWithoutChromium() }, () => {
  test('a folder is reported, and nothing is written before it is accepted', async (t) => {
    const source = await renderSample(join(tempFolder(t), 'parts'), 0, t.signal, [
      { split: 'train', kind: 'good', count: 12 },
      { split: 'test', kind: 'scratch', count: 4 },
    ]);
    writeFileSync(join(source, 'test/scratch/broken.png'), 'no picture');
    const { page, folder, faults } = await openWorkbench(t);
    await shot(page, 'pictures-empty');

    await choose(page, source);
    const dialog = page.getByRole('dialog', { name: 'Import pictures' });
    await dialog.getByText('left out').first().waitFor();
    await dialog.getByText('broken.png').first().waitFor();
    await shot(page, 'pictures-report');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(stored(folder), 0);

    await choose(page, source);
    await dialog.getByRole('button', { name: 'Import 16 pictures' }).click();
    await page.getByRole('listbox', { name: 'Pictures' }).waitFor();
    const cells = page.getByRole('listbox', { name: 'Pictures' }).getByRole('option');
    await cells.nth(15).waitFor();
    assert.equal(stored(folder), 16);
    assert.deepEqual(faults, []);
    await shot(page, 'pictures');

    await page.getByRole('radio', { name: 'scratch 4' }).click();
    await cells.nth(4).waitFor({ state: 'detached' });
    assert.equal(await cells.count(), 4);
    await page.getByRole('listbox', { name: 'Pictures' }).press('ArrowRight');
    await page.getByRole('complementary').getByText('px').waitFor();
    const loaded = await cells
      .first()
      .locator('img')
      .evaluate(async (img) => {
        await (img as unknown as Shown).decode();
        return (img as unknown as Shown).naturalWidth;
      });
    assert.ok(loaded > 0);
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

function stored(folder: string): number {
  const workspace = openWorkspaceForReading(folder);
  try {
    return listProducts(workspace.db).flatMap(({ id }) => listImages(workspace.db, id)).length;
  } finally {
    workspace.close();
  }
}
