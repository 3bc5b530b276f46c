// Fine-tune as a person uses it: what stands in the way, start, watch, pause, go on, stop and keep, a crash, a reload.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright';
import { defaultServices } from '../../src/engine/default-services.ts';
import { listRuns } from '../../src/engine/store/runs.ts';
import { listPoints, listPreviews } from '../../src/engine/store/training-watch.ts';
import { openWorkspaceForReading } from '../../src/engine/workspace.ts';
import { connect, resultOf } from '../engine/support/connected.ts';
import { writePlate } from '../engine/support/plate.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { tinyWindowPack } from '../engine/support/tiny-window-pack.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { openWorkbench, shot } from './support/workbench.ts';

/** The plate product and a pack that trains in seconds; no picture is left over to measure with, which takes longest. */
async function tinyProduct(t: TestContext, { good = 3, each = 3 } = {}): Promise<string> {
  const folder = join(tempFolder(t), 'parts');
  const { client, close } = connect(t, folder, {}, defaultServices());
  await client.workspace.init({});
  const source = await writePlate(tempFolder(t), { good, each });
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  tinyWindowPack(join(folder, 'packs', 'tiny'));
  const choice = { pack: 'tiny', preset: 'quick', device: 'cpu' };
  await client.uiState.put({ key: 'fine-tune.choices', value: { plate: choice } });
  await close();
  return folder;
}

function stored(folder: string) {
  const workspace = openWorkspaceForReading(folder);
  try {
    return listRuns(workspace.db).map((run) => ({
      state: run.state.state,
      points: listPoints(workspace.db, run.id).length,
      moments: new Set(listPreviews(workspace.db, run.id).map(({ step }) => step)).size,
    }));
  } finally {
    workspace.close();
  }
}

async function setSteps(page: Page, steps: number): Promise<void> {
  await page.locator('.fine-tune-form details > summary').click();
  await page.getByRole('spinbutton', { name: 'Updates' }).fill(String(steps));
}

describe('the station Fine-tune', { skip: skipWithoutChromium() }, () => {
  test('says what is missing and leads there', async (t) => {
    const { page, faults } = await openWorkbench(t);
    await page.keyboard.press('Alt+3');
    await page.getByRole('heading', { name: 'No pictures yet' }).waitFor();
    await shot(page, 'fine-tune-empty');
    await page.getByRole('button', { name: 'Bring in pictures' }).press('Enter');
    await page.getByRole('main', { name: 'Pictures' }).waitFor();
    assert.deepEqual(faults, []);
  });

  test('names what would spoil it, and a button mends it', async (t) => {
    const workspace = await tinyProduct(t, { good: 0, each: 1 });
    const { page, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+3');
    await page.getByText('There are no good pictures.').waitFor();
    await page.getByText('dent has one picture only.').waitFor();
    await page.getByText('scratch has one picture only.').waitFor();
    await page.getByText('Every defect picture is learned from.').waitFor();
    await shot(page, 'fine-tune-findings');
    // Too little memory for the whole network, enough for adapters: the button does it.
    await page.locator('.fine-tune-form details > summary').click();
    const limit = page.getByRole('spinbutton', { name: 'Memory it may take' });
    await limit.fill('0.1');
    await page.getByText('It does not fit into memory').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Something stands in the way' }).isDisabled(), true);
    await shot(page, 'fine-tune-no-memory');
    await limit.fill('');
    await page.getByRole('button', { name: 'Start the fine-tune' }).waitFor();
    await page.getByRole('button', { name: 'Open in Label' }).first().click();
    await page.getByRole('main', { name: 'Label' }).waitFor();
    await page.getByText('000.png').first().waitFor();
    assert.deepEqual(faults, []);
  });

  test('runs, is paused, survives a crash of the engine, is ended early and shown again', async (t) => {
    const workspace = await tinyProduct(t);
    const { page, folder, host, faults } = await openWorkbench(t, { workspace });
    await page.keyboard.press('Alt+3');
    await page.getByRole('button', { name: '1 remark before the start' }).waitFor();
    await setSteps(page, 400);
    await page.getByRole('button', { name: 'Start the fine-tune' }).press('Enter');
    const station = page.getByRole('main');
    await page.locator('.fine-tune-film img').first().waitFor();
    await page.locator('.fine-tune-curve').first().waitFor();
    await page.locator('.fine-tune-tokens figure').nth(5).waitFor();
    await shot(page, 'fine-tune-running');

    await station.getByRole('button', { name: 'Pause', exact: true }).click();
    await station.getByRole('button', { name: 'Go on' }).waitFor();
    const [paused] = stored(folder);
    assert.equal(paused.state, 'interrupted');
    assert.ok(paused.points > 0 && paused.moments > 0);
    await station.getByRole('button', { name: 'Go on' }).press('Enter');
    await station.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await expectMorePoints(folder, paused.points);

    process.kill(host.desk.enginePid!, 'SIGKILL');
    await page.getByText('The engine stopped while this ran.').waitFor();
    await page.locator('.fine-tune-film img').first().waitFor();
    await shot(page, 'fine-tune-crashed');
    await station.getByRole('button', { name: 'Go on' }).click();
    const keep = station.getByRole('button', { name: 'Stop and keep' });
    await page.locator('.fine-tune-phases .now', { hasText: 'Learning' }).waitFor();
    await keep.click();
    await page.getByRole('heading', { name: 'Result' }).waitFor();
    await page.getByText('Ended early, after').waitFor();
    await shot(page, 'fine-tune-done');
    assert.equal(await page.getByRole('alert').count(), 0);
    await page.reload();
    await page.getByText('Ended early, after').waitFor();
    await page.locator('.fine-tune-film img').nth(3).waitFor();
    await page.locator('.fine-tune-tokens figure').nth(5).waitFor();
    assert.equal(await page.locator('.fine-tune-tokens figure').count(), 6);
    await page.getByText('Times from 1 earlier run on').waitFor();
    assert.deepEqual(
      stored(folder).map(({ state }) => state),
      ['done'],
    );
    await page.getByRole('button', { name: 'Generate new defects' }).press('Enter');
    await page.getByRole('main', { name: 'Generate' }).waitFor();
    assert.deepEqual(
      faults.filter((fault) => !/WebSocket|ERR_|503/.test(fault)),
      [],
    );
  });
});

async function expectMorePoints(folder: string, than: number): Promise<void> {
  const until = Date.now() + 180_000;
  while (stored(folder)[0].points <= than) {
    assert.ok(Date.now() < until, 'the run did not go on');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
