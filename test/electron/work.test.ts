// The desktop app with a real engine in a utility process: a workspace is opened, pictures are shown, a second start.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateDents, plateWorkspace } from '../ui/support/plate-workspace.ts';
import { skipWithoutElectron, startApp } from './support.ts';

describe('the app in Electron at work', { skip: skipWithoutElectron() }, () => {
  test('shows the pictures of a workspace, and its engine is a process of its own', async (t) => {
    const workspace = await plateWorkspace(t, (client) => generateDents(client, 2));
    const { app, page } = await startApp(t, ['--workspace', workspace]);
    await page.getByRole('navigation').first().waitFor();
    const picture = page.getByRole('main').locator('img').first();
    await picture.waitFor();
    await page.waitForFunction("document.querySelector('main img').naturalWidth > 0");
    assert.match((await picture.getAttribute('src')) ?? '', /^\/media\//);
    const types = await app.evaluate(({ app: electron }) =>
      electron.getAppMetrics().map((m) => m.name ?? m.type),
    );
    assert.ok(types.includes('Flawsmith engine'), types.join());
    await page.getByText('0 requests left this PC').waitFor();
    await page.evaluate("fetch('https://example.org/').catch(() => {})");
    await page.getByText('0 requests left this PC (1 refused)').waitFor();
  });

  test('an engine that dies is started again', async (t) => {
    const workspace = await plateWorkspace(t);
    const { app, page } = await startApp(t, ['--workspace', workspace]);
    await page.getByRole('navigation').first().waitFor();
    await app.evaluate(({ app: electron }) => {
      const engine = electron.getAppMetrics().find((metric) => metric.name === 'Flawsmith engine');
      process.kill(engine!.pid, 'SIGKILL');
    });
    await page.getByText('The engine is being restarted').waitFor();
    await page.getByText('The engine is being restarted').waitFor({ state: 'detached' });
  });
});
