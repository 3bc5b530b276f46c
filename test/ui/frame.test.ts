// The frame: first start, stations by key, the sheet of keys, settings, a crash of the engine, two windows.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipWithoutChromium } from './support/chromium.ts';
import { openWindow, openWorkbench, shot } from './support/workbench.ts';

describe('the frame', { skip: skipWithoutChromium() }, () => {
  test('first start makes a workspace in a folder chosen by keyboard', async (t) => {
    const { page, host, folder, faults } = await openWorkbench(t, { workspace: null });
    await shot(page, 'start');
    await page.getByRole('button', { name: 'New workspace' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Folder', { exact: true }).fill(folder.slice(0, folder.lastIndexOf('/')));
    await dialog.getByLabel('Folder', { exact: true }).press('Enter');
    await dialog.getByLabel('Name', { exact: true }).fill('workspace');
    await dialog.getByRole('button', { name: 'Choose' }).press('Enter');
    await page.getByRole('navigation', { name: 'Stations' }).waitFor();
    assert.equal(host.desk.state.workspace?.folder, folder);
    assert.deepEqual(faults, []);
    assert.equal(host.desk.state.requestsBlocked, 0);
  });

  test('a folder that is no workspace is refused with what to do', async (t) => {
    const { page, folder } = await openWorkbench(t, { workspace: null });
    await page.getByRole('button', { name: 'Open a workspace' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Folder', { exact: true }).fill(folder.slice(0, folder.lastIndexOf('/')));
    await dialog.getByLabel('Folder', { exact: true }).press('Enter');
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByRole('alert').getByText('there is no workspace in this folder').waitFor();
  });

  test('stations, keys and settings are reached by keyboard', async (t) => {
    const { page, faults } = await openWorkbench(t);
    for (const [key, title] of [
      ['2', 'Label'],
      ['7', 'Export'],
      ['1', 'Pictures'],
    ]) {
      await page.keyboard.press(`Alt+${key}`);
      await page.getByRole('main', { name: title }).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Go to Review').waitFor();
    await shot(page, 'keys');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Settings' }).press('Enter');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('dialog', { name: 'Einstellungen' }).waitFor();
    await page.getByLabel('Helligkeit').selectOption('light');
    await page.locator(':root[data-theme=light]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sichten' }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('the station is remembered by the workspace', async (t) => {
    const { page } = await openWorkbench(t);
    await page.keyboard.press('Alt+5');
    await page.getByRole('main', { name: 'Review' }).waitFor();
    await page.reload();
    await page.getByRole('main', { name: 'Review' }).waitFor();
  });

  test('an engine that is killed is restarted, and the window says so and goes on', async (t) => {
    const { page, host } = await openWorkbench(t);
    const before = host.desk.enginePid!;
    process.kill(before, 'SIGKILL');
    await page.getByText('The engine is being restarted').waitFor();
    await page.getByText('The engine is being restarted').waitFor({ state: 'detached' });
    assert.notEqual(host.desk.enginePid, before);
    await page.keyboard.press('Alt+4');
    await page.reload();
    await page.getByRole('main', { name: 'Generate' }).waitFor();
  });

  test('a second window on the workspace is told', async (t) => {
    const workbench = await openWorkbench(t);
    const second = await openWindow(workbench);
    await second.getByText('is open in 2 windows').waitFor();
    await workbench.page.getByText('is open in 2 windows').waitFor();
    await second.close();
    await workbench.page.getByText('is open in 2 windows').waitFor({ state: 'detached' });
  });
});
