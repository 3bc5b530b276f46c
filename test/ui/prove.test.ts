// Prove as a person uses it: what is missing, what would leak, start, pause, go on, verdict, report; Inspect.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { FlawsmithClient } from '../../src/contract/contract.ts';
import { defaultServices } from '../../src/engine/default-services.ts';
import { decodePicture, encodePng } from '../../src/engine/imaging/index.ts';
import { put } from '../engine/imaging/make-pictures.ts';
import { connect, resultOf } from '../engine/support/connected.ts';
import { writePlate } from '../engine/support/plate.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { tinyWindowPack } from '../engine/support/tiny-window-pack.ts';
import { graveIssues, skipWithoutAxe } from './support/axe.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { plateWorkspace } from './support/plate-workspace.ts';
import { storeProof } from './support/stored-proof.ts';
import { openWorkbench, shot } from './support/workbench.ts';

/** A workspace with the plate as `change` left its folder. */
async function changedPlate(
  t: TestContext,
  options: Parameters<typeof writePlate>[1],
  change: (folder: string) => Promise<void> | void = () => {},
  prepare: (client: FlawsmithClient) => Promise<unknown> = async () => {},
): Promise<string> {
  const source = await writePlate(tempFolder(t), options);
  await change(source);
  const folder = join(tempFolder(t), 'parts');
  const { client, close } = connect(t, folder, {}, defaultServices());
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: true }));
  await prepare(client);
  await close();
  return folder;
}

describe('the station Prove', { skip: skipWithoutChromium() }, () => {
  test('says what is missing: pictures, enough defects', async (t) => {
    const { page, faults } = await openWorkbench(t, {
      workspace: await changedPlate(t, { good: 4, each: 2 }),
    });
    await page.keyboard.press('Alt+6');
    await page.getByText('Too few labelled defects').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Prove it' }).isDisabled(), true);
    await shot(page, 'prove-few');
    await page.getByRole('tab', { name: 'Inspect' }).click();
    await page.getByRole('heading', { name: 'No model to inspect with' }).waitFor();
    await shot(page, 'inspect-empty');
    await page.getByRole('tab', { name: 'Does it help?' }).click();
    await page.getByRole('button', { name: 'Mark defects' }).press('Enter');
    await page.getByRole('main', { name: 'Label' }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('a test picture that is nearly one of training is refused with both', async (t) => {
    const workspace = await changedPlate(t, { good: 6, each: 4 }, async (folder) => {
      // The dents are one photo, each time with another pixel changed.
      const { raster } = await decodePicture(join(folder, 'test/dent/000.png'));
      const mask = readFileSync(join(folder, 'ground_truth/dent/000_mask.png'));
      for (const i of [1, 2, 3]) {
        const data = raster.data.slice() as Uint8Array;
        data[300 * i] ^= 3;
        await put(folder, `test/dent/00${i}.png`, await encodePng({ ...raster, data }));
        await put(folder, `ground_truth/dent/00${i}_mask.png`, mask);
      }
    });
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+6');
    await page.getByText('The test would not be fair').waitFor();
    await page.getByText('nearly the same picture').waitFor();
    assert.equal(await page.locator('.prove-leak img').count(), 2);
    const start = page.getByRole('button', { name: 'Prove it' });
    assert.equal(await start.isDisabled(), true);
    await shot(page, 'prove-leak');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
    await page.getByRole('checkbox', { name: 'Leave such test pictures out' }).check();
    await page.getByText('The test would not be fair').waitFor({ state: 'detached' });
    assert.equal(await start.isDisabled(), false);
    assert.deepEqual(faults, []);
  });

  test('starts, is paused, survives a killed engine, and goes on', async (t) => {
    const workspace = await plateWorkspace(t);
    const { page, host } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+6');
    await page.getByText('2 pictures with a defect').waitFor();
    for (const arm of ['drawn patterns', 'drawn new', 'varied'])
      await page.getByRole('checkbox', { name: arm }).uncheck();
    await page.getByRole('radiogroup', { name: 'Repeats' }).getByRole('radio', { name: '1' }).click();
    await page.getByText('2 detectors').waitFor();
    await shot(page, 'prove-start');
    await page.keyboard.press('Control+Enter');
    const main = page.getByRole('main');
    await main.getByText('0 of 2 detectors').waitFor();
    await shot(page, 'prove-running');
    await main.getByRole('button', { name: 'Pause' }).click();
    await main.getByText('Everything that is trained is kept.').waitFor();
    await main.getByRole('button', { name: 'Go on' }).click();
    await main.getByRole('button', { name: 'Pause' }).waitFor();
    process.kill(host.desk.enginePid!, 'SIGKILL');
    await page.getByText('The engine is being restarted').waitFor();
    await main.getByText('Everything that is trained is kept.').waitFor();
    await main.getByRole('button', { name: 'Go on' }).click();
    await main.getByRole('button', { name: 'Pause' }).click();
    await main.getByText('Everything that is trained is kept.').waitFor();
    await shot(page, 'prove-paused');
    await main.getByRole('button', { name: 'Stop' }).click();
    await main.getByRole('button', { name: 'Go on' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Prove it' }).waitFor();
  });

  test('verdict, bars, pictures and the report of a proof that is done', async (t) => {
    const workspace = await plateWorkspace(t);
    await storeProof(workspace);
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+6');
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await verdict.getByText('+8.1 IoU points (+5.2 to +10.9): worth using').waitFor();
    const iou = page.getByRole('region', { name: 'IoU', exact: true });
    assert.match((await iou.textContent()) ?? '', /Real only\s*42\.1\s*37\.1–46\.1/);
    assert.equal(await iou.locator('.prove-dot').count(), 12);
    await page.getByText('about 15 min').waitFor();
    await shot(page, 'prove-done');
    await page.getByRole('region', { name: 'Where it helped most' }).getByText('+21.4').waitFor();
    await page.getByText('All numbers').click();
    await page.getByRole('columnheader', { name: 'Image AUROC' }).scrollIntoViewIfNeeded();
    await shot(page, 'prove-numbers');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
    const folder = tempFolder(t);
    await page.getByRole('button', { name: 'Save the report' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Folder', { exact: true }).fill(folder);
    await dialog.getByLabel('Folder', { exact: true }).press('Enter');
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByText('The report is in').waitFor();
    assert.match(readFileSync(join(folder, 'proof.html'), 'utf8'), /<html/);
    assert.equal(readFileSync(join(folder, 'proof.pdf')).subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual(faults, []);
  });

  test('Inspect: test pictures in, scores and maps out, most suspicious first', async (t) => {
    const pack = tinyWindowPack(join(tempFolder(t), 'tiny'));
    const train = { method: 'anomalysd', preset: 'quick', shotSeed: 0, seed: 3, steps: 2, shots: 1 } as const;
    const workspace = await changedPlate(t, { good: 2, each: 1 }, undefined, (client) =>
      resultOf(client.training.train({ ...train, device: 'cpu', pack, settings: { samplerSteps: 2 } })),
    );
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+6');
    await page.getByRole('tab', { name: 'Inspect' }).click();
    await page.getByText(/about .+ for \d+ windows/).waitFor();
    await page.getByRole('slider', { name: 'False alarms that are allowed' }).press('End');
    await page.getByText('20% of good parts').waitFor();
    await shot(page, 'inspect-start');
    await page.getByRole('main').getByRole('button', { name: 'Inspect', exact: true }).click();
    await page.locator('.prove-tile').nth(1).waitFor();
    const words = await page.locator('.prove-tile strong').allTextContents();
    const scores = words.map((text) => Number(text.replace('Score ', '')));
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    );
    assert.ok(scores.every((score) => score > 0));
    await page.locator('.prove-tile img').first().waitFor();
    await shot(page, 'inspect-done');
    if (!skipWithoutAxe()) assert.deepEqual(await graveIssues(page), []);
    await page.getByText('All of it is known already.').waitFor();
    assert.deepEqual(faults, []);
  });
});
