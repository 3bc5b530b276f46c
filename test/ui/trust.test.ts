// Nothing leaves the PC, and the number on screen is counted; a workspace is not opened twice.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { forkNodeEngine } from '../../src/hosts/desk/fork-node.ts';
import { startWebHost } from '../../src/hosts/web/server.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';
import { skipWithoutChromium } from './support/chromium.ts';
import { builtWindow } from './support/window-build.ts';
import { openWorkbench } from './support/workbench.ts';

/** Run in the page: ways out that a page has. */
const WAYS_OUT = [
  "fetch('https://flawsmith.invalid/').catch(() => {})",
  "{ new Image().src = 'https://flawsmith.invalid/x.png' }",
  "{ try { new WebSocket('wss://flawsmith.invalid/') } catch {} }",
  "{ const script = document.createElement('script'); script.src = 'https://flawsmith.invalid/x.js'; document.body.append(script) }",
];

describe('what the window keeps to itself', { skip: skipWithoutChromium() }, () => {
  test('every way out is refused before it leaves, and counted in the job bar', async (t) => {
    const { page, host } = await openWorkbench(t);
    await page.getByText('0 requests left this PC', { exact: true }).waitFor();
    const left: string[] = [];
    page.on('requestfinished', (request) => left.push(request.url()));
    page.on('response', (response) => left.push(response.url()));
    for (const [i, way] of WAYS_OUT.entries()) {
      await page.evaluate(way);
      await page.getByText(`0 requests left this PC (${i + 1} refused)`, { exact: true }).waitFor();
    }
    assert.equal(host.desk.state.requestsBlocked, WAYS_OUT.length);
    assert.deepEqual(
      left.filter((url) => url.includes('flawsmith.invalid')),
      [],
    );
  });

  test('a second program on the same workspace is told who has it', async (t) => {
    const { page, folder, browser } = await openWorkbench(t);
    const second = await startWebHost({
      port: 0,
      renderer: await builtWindow(),
      configFolder: join(tempFolder(t), 'second'),
      fork: forkNodeEngine,
    });
    t.after(() => second.close());
    const other = await browser.newPage();
    await other.goto(second.address);
    await other.getByRole('button', { name: 'Open a workspace' }).click();
    const dialog = other.getByRole('dialog');
    await dialog.getByLabel('Folder', { exact: true }).fill(folder);
    await dialog.getByLabel('Folder', { exact: true }).press('Enter');
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    const told = other
      .getByRole('alert')
      .getByText(/another Flawsmith is using this workspace \(process \d+/);
    await told.waitFor({ timeout: 120_000 });
    // The first goes on.
    await page.keyboard.press('Alt+3');
    await page.getByRole('main', { name: 'Fine-tune' }).waitFor();
    assert.equal(second.desk.state.workspace, null);
  });
});
