// Export as a person uses it: what, where, go; what stands in the way; pause, stop, a crash; verifying again.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { graveIssues, skipWithoutAxe } from './support/axe.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { generateDents, plateWorkspace } from './support/plate-workspace.ts';
import { smallStick } from './support/small-stick.ts';
import { openWorkbench, shot } from './support/workbench.ts';

/** A workspace with so many accepted dents. */
function withAccepted(t: Parameters<typeof plateWorkspace>[0], count: number): Promise<string> {
  return plateWorkspace(t, async (client) => {
    await generateDents(client, count);
    await client.review.decide({ decision: 'accept', select: { where: 'all', redecide: false } });
  });
}

async function chooseFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Choose a folder …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Folder', { exact: true }).fill(folder);
  await dialog.getByLabel('Folder', { exact: true }).press('Enter');
  await dialog.getByRole('button', { name: 'Choose this folder' }).click();
}

const pause = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Pause' });

describe('the station Export', { skip: skipWithoutChromium() }, () => {
  test('says what it is for and leads to pictures', async (t) => {
    const { page, faults } = await openWorkbench(t);
    await page.keyboard.press('Alt+7');
    await page.getByRole('heading', { name: 'Nothing to carry away yet' }).waitFor();
    await shot(page, 'export-empty');
    await page.getByRole('button', { name: 'Bring in pictures' }).press('Enter');
    await page.getByRole('main', { name: 'Pictures' }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('what, where, go; verified, listed, and verified again', async (t) => {
    const workspace = await withAccepted(t, 4);
    const target = tempFolder(t);
    mkdirSync(join(target, 'taken'));
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+7');
    const start = page.getByRole('button', { name: 'Export and verify' });
    await page.getByText('Choose where to first.').waitFor();
    assert.equal(await start.isDisabled(), true);
    await shot(page, 'export-start');
    await chooseFolder(page, target);
    await page.getByText('Nothing stands in the way.').waitFor();

    await page.getByLabel('Name of the new folder').fill('taken');
    const stops = page.getByRole('region', { name: 'This cannot work' });
    await stops.getByText('is there already').waitFor();
    assert.equal(await start.isDisabled(), true);
    await shot(page, 'export-stopped-by-preflight');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
    await stops.getByRole('button', { name: 'Name it taken-2' }).click();
    await page.getByText('Nothing stands in the way.').waitFor();

    await page.getByLabel('Format').selectOption('coco');
    await page.getByRole('checkbox', { name: 'scratch' }).uncheck();
    await page.getByText('4 accepted + 10 real').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Written and verified' }).waitFor();
    await page.getByText('8 masks agree in every pixel.').waitFor();
    await page.getByRole('cell', { name: '4 + 10' }).waitFor();
    await shot(page, 'export-done');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
    const folder = join(target, 'taken-2');
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    assert.deepEqual([manifest.generated.length, manifest.real.length], [4, 10]);
    assert.deepEqual(readdirSync(join(target, 'taken')), []);

    const row = page.getByRole('row', { name: 'COCO' });
    await row.getByText('verified when written').waitFor();
    await row.getByRole('button', { name: 'Verify' }).click();
    await row.getByText('unchanged on').waitFor();
    writeFileSync(join(folder, 'README.txt'), 'changed');
    await row.getByRole('button', { name: 'Verify' }).click();
    await row.getByText('README.txt was changed after the export').waitFor();
    await shot(page, 'export-changed');
    await page.getByRole('button', { name: 'Another export' }).click();
    // The choice is remembered.
    await page.getByText('4 accepted + 10 real').waitFor();
    assert.deepEqual(faults, []);
  });

  test('a stick: found with its space, ejected, safe to remove', async (t) => {
    const stick = smallStick(t);
    if (stick === null) return t.skip('nothing can be plugged in here');
    const workspace = await withAccepted(t, 2);
    const { page, faults } = await openWorkbench(t, { workspace, theme: 'light' });
    await page.keyboard.press('Alt+7');
    await page.getByRole('radio', { name: stick.name }).check();
    await page.getByText('Nothing stands in the way.').waitFor();
    await page.getByLabel('Format').selectOption('yolo-seg');
    await shot(page, 'export-stick');
    await page.getByRole('button', { name: 'Export and verify' }).click();
    await page.getByText('Now eject it').waitFor();
    assert.equal(readdirSync(stick.mount).filter((name) => name.startsWith('plate-yolo-seg')).length, 1);
    await shot(page, 'export-eject');
    await page.getByRole('button', { name: 'Eject' }).click();
    await page.getByText('Safe to remove').waitFor();
    assert.equal(readFileSync('/proc/self/mounts', 'utf8').includes(stick.mount), false);
    await page.getByText('not there').waitFor();
    await shot(page, 'export-safe');
    assert.deepEqual(faults, []);
  });

  test('pause, stop, and an engine that is killed: no half export is left or called done', async (t) => {
    const workspace = await withAccepted(t, 60);
    const target = tempFolder(t);
    const { page, host } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+7');
    await chooseFolder(page, target);
    await page.getByLabel('Name of the new folder').fill('set');
    const start = page.getByRole('button', { name: 'Export and verify' });

    await start.click();
    await pause(page).click();
    await page.getByText('Paused. Nothing is lost').waitFor();
    await shot(page, 'export-paused');
    await page.getByRole('main').getByRole('button', { name: 'Stop' }).click();
    await page.getByText('The export was stopped.').waitFor();
    assert.deepEqual(readdirSync(target), []);

    await page.getByRole('button', { name: 'Start again' }).click();
    await pause(page).click();
    await page.getByText('Paused. Nothing is lost').waitFor();
    assert.equal(readdirSync(target).length, 1);
    process.kill(host.desk.enginePid!, 'SIGKILL');
    await page.getByText('The engine is being restarted').waitFor();
    await page.getByText('The export was interrupted before it was complete.').waitFor();
    await shot(page, 'export-interrupted');
    assert.deepEqual(readdirSync(target), []);
    assert.equal(await page.getByRole('row').count(), 0);

    await page.getByRole('button', { name: 'Start again' }).click();
    await pause(page).click();
    await page.getByText('Paused. Nothing is lost').waitFor();
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Written and verified' }).waitFor();
    assert.equal(existsSync(join(target, 'set', 'SHA256SUMS')), true);
    // What is done stays done for whoever opens the window again.
    await page.reload();
    await page.getByRole('heading', { name: 'Written and verified' }).waitFor();
  });
});
