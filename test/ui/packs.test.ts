// Base packs: the list, a model added from a folder, what its licence forbids, a folder that holds none, forgetting.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright';
import { writeTinySd } from '../engine/packs/tiny-sd.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { openWorkbench, shot } from './support/workbench.ts';

const LICENCE = `CreativeML Open RAIL-M
dated August 22, 2022

You agree not to use the Model in violation of any of the use restrictions of Attachment A.`;

describe('base packs', { skip: skipWithoutChromium() }, () => {
  test('a model is added where it lies, looked into and forgotten', async (t) => {
    const model = writeTinySd(join(tempFolder(t), 'plant-model'));
    writeFileSync(join(model, 'LICENSE.md'), LICENCE);
    const { page, faults } = await openWorkbench(t);
    const dialog = await openPacks(page);
    await dialog.getByText('Allows any use, commercial use too.').waitFor();
    await addFolder(page, model);
    const about = dialog.getByRole('region', { name: 'About plant-model' });
    await about.getByText('Stable Diffusion 1.x text-to-image').waitFor();
    await about.getByText('Allows commercial use, but forbids certain uses.').waitFor();
    await about.getByText('use that breaks a law').waitFor();
    await about.getByText('Memory to make pictures').waitFor();
    await about.getByText('Text of the licence').click();
    await about.getByText('any of the use restrictions of Attachment A').waitFor();
    await shot(page, 'packs');
    await dialog.getByRole('button', { name: 'Forget plant-model' }).press('Enter');
    await dialog.getByRole('button', { name: 'plant-model' }).first().waitFor({ state: 'detached' });
    await page.getByText(`Its files stay in ${model}`).waitFor();
    assert.deepEqual(faults, []);
  });

  test('a folder without a model is refused with the reason', async (t) => {
    const empty = join(tempFolder(t));
    writeFileSync(join(empty, 'notes.txt'), 'none');
    const { page } = await openWorkbench(t);
    const dialog = await openPacks(page);
    await addFolder(page, empty);
    await dialog.getByRole('alert').getByText(empty).first().waitFor();
    assert.equal(await dialog.getByRole('listitem').filter({ hasText: 'added' }).count(), 0);
  });
});

async function openPacks(page: Page) {
  await page.keyboard.press('Control+,');
  await page.getByRole('button', { name: 'Base packs …' }).press('Enter');
  return page.getByRole('dialog', { name: 'Base packs' });
}

async function addFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a folder …' }).click();
  const picker = page.getByRole('dialog', { name: 'Which folder holds the model?' });
  await picker.getByLabel('Folder', { exact: true }).fill(folder);
  await picker.getByLabel('Folder', { exact: true }).press('Enter');
  await picker.getByRole('button', { name: 'Choose this folder' }).click();
}
