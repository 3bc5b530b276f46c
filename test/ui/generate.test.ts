// Generate as a person uses it: numbers, place, live sheet, pause and go on, empty states.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listGenerations } from '../../src/engine/store/generations.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { plateWorkspace } from './support/plate-workspace.ts';
import { openWorkbench, shot } from './support/workbench.ts';

function stored(folder: string) {
  const workspace = openWorkspaceForReading(folder);
  try {
    return listGenerations(workspace.db).map(({ type, recipe, checks }) => ({ type, recipe, checks }));
  } finally {
    workspace.close();
  }
}

describe('the station Generate', { skip: skipWithoutChromium() }, () => {
  test('says what is missing and leads there', async (t) => {
    const { page, faults } = await openWorkbench(t);
    await page.keyboard.press('Alt+4');
    await page.getByRole('heading', { name: 'No pictures yet' }).waitFor();
    await shot(page, 'generate-empty');
    await page.getByRole('button', { name: 'Bring in pictures' }).press('Enter');
    await page.getByRole('main', { name: 'Pictures' }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('makes two types in a box, live, and tells the time afterwards', async (t) => {
    const workspace = await plateWorkspace(t);
    const { page, folder, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+4');
    await page.getByText('Not fine-tuned yet').waitFor();
    await shot(page, 'generate-untrained');
    assert.equal(await page.getByRole('radio', { name: 'Drawn new' }).isDisabled(), true);
    await page.getByRole('spinbutton', { name: 'How many with dent' }).fill('6');
    await page.getByRole('spinbutton', { name: 'How many with scratch' }).fill('4');
    await page.getByRole('radio', { name: 'Box', exact: true }).check();
    await page.getByRole('button', { name: 'Draw the box …' }).click();
    const dialog = page.getByRole('dialog');
    const picture = (await dialog.locator('.generate-canvas').boundingBox())!;
    await page.mouse.move(picture.x + picture.width * 0.5, picture.y + 4);
    await page.mouse.down();
    await page.mouse.move(picture.x + picture.width * 0.95, picture.y + picture.height * 0.9, { steps: 4 });
    await page.mouse.up();
    await shot(page, 'generate-box');
    await dialog.getByRole('button', { name: 'Use this' }).click();
    await page.getByRole('button', { name: 'Make 10 pictures' }).click();
    await page.locator('.generate-tile').first().waitFor();
    await page.getByText('Cut and paste · scratch').waitFor();
    await page.locator('.generate-run', { hasText: 'done' }).nth(1).waitFor();
    await shot(page, 'generate-done');
    const made = stored(folder);
    assert.deepEqual(
      made.map(({ type }) => type),
      [...Array(6).fill('dent'), ...Array(4).fill('scratch')],
    );
    for (const { checks } of made) assert.ok((checks.bounds as { x: number }).x >= 192 * 0.49);
    await page.getByText('earlier pictures').waitFor();
    await page.reload();
    await page
      .getByText('6 pictures', { exact: true })
      .or(page.getByText('4 pictures', { exact: true }))
      .waitFor();
    assert.equal(await page.getByRole('spinbutton', { name: 'How many with dent' }).inputValue(), '6');
    assert.deepEqual(faults, []);
  });

  test('paints zones with the mouse and keeps new defects inside', async (t) => {
    const workspace = await plateWorkspace(t);
    const { page, folder, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+4');
    await page.getByRole('spinbutton', { name: 'How many with dent' }).fill('3');
    await page.getByRole('radio', { name: 'Painted zones' }).check();
    await page.getByRole('button', { name: 'Paint …' }).click();
    const area = page.getByRole('application', { name: 'Picture to paint on' });
    await page.keyboard.press('k');
    const box = (await area.boundingBox())!;
    const scale = Math.min(box.width / 192, box.height / 144, 16);
    const at = (x: number, y: number): [number, number] => [
      box.x + box.width / 2 + (x - 96) * scale,
      box.y + box.height / 2 + (y - 72) * scale,
    ];
    await page.mouse.move(...at(10, 10));
    await page.mouse.down();
    await page.mouse.move(...at(80, 130), { steps: 3 });
    await page.mouse.up();
    await page.keyboard.press('b');
    await page.mouse.move(...at(100, 100));
    await page.mouse.down();
    await page.mouse.move(...at(120, 100), { steps: 3 });
    await page.mouse.up();
    await page.keyboard.press('Control+z');
    await shot(page, 'generate-zones');
    await page.getByRole('button', { name: 'Use this' }).click();
    await page.getByRole('button', { name: 'Make 3 pictures' }).click();
    await page.locator('.generate-run', { hasText: 'done' }).waitFor();
    for (const { checks } of stored(folder)) {
      const bounds = checks.bounds as { x: number; width: number };
      assert.ok(bounds.x >= 9 && bounds.x + bounds.width <= 82, JSON.stringify(bounds));
    }
    assert.deepEqual(faults, []);
  });

  test('a run is paused, goes on without gap or double, and a stopped one is kept', async (t) => {
    const workspace = await plateWorkspace(t);
    const { page, folder, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+4');
    await page.getByRole('spinbutton', { name: 'How many with dent' }).fill('60');
    await page.getByRole('button', { name: 'Make 60 pictures' }).click();
    await page.locator('.generate-tile').nth(1).waitFor();
    const station = page.getByRole('main');
    await station.getByRole('button', { name: 'Pause', exact: true }).click();
    await station.getByRole('button', { name: 'Go on' }).waitFor();
    await shot(page, 'generate-paused');
    assert.equal(await page.getByRole('alert').count(), 0);
    const before = stored(folder).length;
    assert.ok(before > 0 && before < 60, `${before}`);
    await station.getByRole('button', { name: 'Go on' }).click();
    await station.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await station.getByRole('button', { name: 'Stop and keep' }).click();
    await page.getByText('Ended;').waitFor();
    await page.locator('.generate-run', { hasText: 'ended, kept' }).waitFor();
    assert.ok(stored(folder).length >= before);
    assert.equal(await station.getByRole('button', { name: 'Go on' }).count(), 0);
    assert.deepEqual(faults, []);
  });
});
