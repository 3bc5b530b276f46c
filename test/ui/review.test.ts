// Review as a person does it: by keys, with undo across a restart, mask repair, another picture, survey, blind test.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright';
import { listGenerations } from '../../src/engine/store/generations.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { generateDents, plateWorkspace } from './support/plate-workspace.ts';
import { openWorkbench, shot } from './support/workbench.ts';

function stored(folder: string) {
  const workspace = openWorkspaceForReading(folder);
  try {
    return listGenerations(workspace.db);
  } finally {
    workspace.close();
  }
}

const statuses = (folder: string) =>
  stored(folder)
    .map(({ status, reason }) => `${status} ${reason ?? ''}`.trim())
    .sort();

async function until(page: Page, holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (holds()) return;
    await page.waitForTimeout(100);
  }
  assert.fail(what);
}

describe('the station Review', { skip: skipWithoutChromium() }, () => {
  test('says what is missing and leads there', async (t) => {
    const workspace = await plateWorkspace(t);
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+5');
    await page.getByRole('heading', { name: 'Nothing to review yet' }).waitFor();
    await shot(page, 'review-empty');
    await page.getByRole('button', { name: 'Generate pictures' }).press('Enter');
    await page.getByRole('main', { name: 'Generate' }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('one key per decision, stored at once, taken back also after a restart', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 6));
    const bench = await openWorkbench(t, { workspace });
    const { page, folder, host } = bench;
    await page.keyboard.press('Alt+5');
    await page.getByText('1 of 6', { exact: true }).waitFor();
    await page.getByText('Nearest real defect ·').waitFor();
    await page.waitForLoadState('networkidle');
    await shot(page, 'review-four');
    await page.keyboard.press('a');
    await page.getByText('1 of 5', { exact: true }).waitFor();
    await page.keyboard.press('2');
    await page.getByText('1 of 4', { exact: true }).waitFor();
    await until(
      page,
      () => statuses(folder).filter((s) => s !== 'undecided').length === 2,
      'two decisions stored',
    );
    assert.deepEqual(statuses(folder).slice(0, 2), ['accepted', 'rejected faint']);
    process.kill(host.desk.enginePid!, 'SIGKILL');
    await page.getByText('The engine is being restarted').waitFor();
    await page.reload();
    await page.getByText('1 of 4', { exact: true }).waitFor();
    await page.keyboard.press('z');
    await page.getByText('Taken back: rejected').waitFor();
    await page.getByText(/of 5/).first().waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('Taken back: accepted').waitFor();
    assert.deepEqual(statuses(folder), Array(6).fill('undecided'));
    await page.keyboard.press('Shift+Z');
    await page.getByText('Done again: accepted').waitFor();
    assert.equal(statuses(folder)[0], 'accepted');
    for (let left = 5; left > 0; left--) {
      await page.getByText(`of ${left}`, { exact: false }).first().waitFor();
      await page.keyboard.press('a');
    }
    await page.getByRole('heading', { name: 'All decided' }).waitFor();
    await shot(page, 'review-done');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText(/^\d of 6$/).waitFor();
  });

  test('panes move together; difference, blink, close-up and 100 %', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 2));
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+5');
    await page.getByText('1 of 2', { exact: true }).waitFor();
    const layers = page.locator('.review-pane .image-layer');
    await layers.nth(3).waitFor();
    const size = async (at: number) =>
      /width: ([\d.]+px)/.exec((await layers.nth(at).getAttribute('style'))!)![1];
    const before = await size(0);
    await page.locator('.review-pane').nth(1).hover();
    await page.mouse.wheel(0, -400);
    for (let i = 0; i < 50 && (await size(0)) === before; i++) await page.waitForTimeout(50);
    assert.notEqual(await size(0), before);
    const after = await Promise.all([0, 1, 2, 3].map(size));
    assert.deepEqual(new Set(after).size, 1, after.join(' '));
    await page.keyboard.press('f');
    await page.keyboard.press('h');
    await page.keyboard.press('d');
    await page.getByRole('img', { name: 'Difference: dent' }).waitFor();
    await shot(page, 'review-difference');
    await page.keyboard.press('d');
    await page.keyboard.press('s');
    await page.keyboard.press('0');
    await page.getByText('100 %', { exact: true }).last().waitFor();
    assert.equal(await layers.count(), 2);
    assert.equal(await size(0), '192px');
    await page.keyboard.press('b');
    await page.getByText('Blinking').waitFor();
    await shot(page, 'review-pair');
    assert.deepEqual(faults, []);
  });

  test('a mask is corrected by brush, and a picture is made again', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 2));
    const { page, folder, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+5');
    await page.getByText('1 of 2', { exact: true }).waitFor();
    await page.keyboard.press('m');
    const area = page.getByRole('application', { name: 'Generated picture to paint on' });
    await area.waitFor();
    const box = (await area.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await shot(page, 'review-repair');
    await page.getByRole('button', { name: 'Save the mask' }).click();
    await page.getByText('Mask corrected').last().waitFor();
    await page.getByText('once', { exact: true }).waitFor();
    const [repaired] = stored(folder).filter(({ repairs }) => repairs === 1);
    assert.notEqual(repaired.maskBlob, repaired.madeMaskBlob);
    await page.keyboard.press('r');
    await until(
      page,
      () => stored(folder).some(({ reason }) => reason === 'replaced'),
      'the old one is replaced',
    );
    await page.getByText('of 2', { exact: false }).first().waitFor();
    assert.equal(stored(folder).length, 3);
    assert.deepEqual(faults, []);
  });

  test('survey: many at once, by keyboard', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 14));
    const { page, folder, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+5');
    await page.getByRole('radio', { name: 'Survey' }).click();
    await page.getByRole('combobox', { name: 'State' }).selectOption('all');
    const list = page.getByRole('listbox', { name: 'Pictures' });
    await list.focus();
    await page.keyboard.press('a');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('1');
    await until(
      page,
      () => statuses(folder).filter((s) => s !== 'undecided').length === 2,
      'two decisions stored',
    );
    await page.waitForLoadState('networkidle');
    await shot(page, 'review-survey');
    assert.deepEqual(statuses(folder).slice(0, 2), ['accepted', 'rejected unreal']);
    await page.getByRole('button', { name: /Accept all \d+ unflagged/ }).click();
    const open = stored(folder).filter(({ flags }) => flags.length === 0).length;
    await until(page, () => statuses(folder).filter((s) => s === 'accepted').length >= open - 1, 'the rest');
    await page.keyboard.press('z');
    await page.getByText(/Taken back: accepted \(\d+\)/).waitFor();
    await list.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'One by one', checked: true }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('blind test: answers by key, an interval, and the result stays', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 6));
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+5');
    await page.getByRole('radio', { name: 'Blind test' }).click();
    await page.getByLabel('How many pictures').fill('8');
    await page.getByLabel('Who looks (optional)').fill('Frau Berger');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('Picture 1 of 8').waitFor();
    await shot(page, 'review-blind');
    for (let i = 1; i <= 8; i++) {
      await page.getByText(`Picture ${i} of 8`).waitFor();
      await page.keyboard.press('2');
    }
    await page.getByRole('heading', { name: '4 of 8 right: 50 %' }).waitFor();
    await page.getByText('Not better than guessing').waitFor();
    await shot(page, 'review-blind-result');
    await page.reload();
    await page.getByText('Frau Berger').waitFor();
    await page.getByText('4 of 8 right: 50 % (22 % – 78 %)').waitFor();
    assert.deepEqual(faults, []);
  });
});
