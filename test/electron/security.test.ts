// The desktop app as it runs: what its page cannot reach, where it cannot go, and that nothing leaves the PC.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipWithoutElectron, startApp } from './support.ts';

describe('the app in Electron', { skip: skipWithoutElectron() }, () => {
  test('starts to the first page, without Node in it', async (t) => {
    const { app, page } = await startApp(t);
    await page.getByRole('button', { name: /sample product|Beispiel/ }).waitFor();
    assert.equal(new URL(page.url()).origin, 'app://flawsmith');
    const seen = await page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
      bridge: Object.keys((window as { flawsmith?: object }).flawsmith ?? {}).sort(),
    }));
    assert.deepEqual(seen, { node: [], bridge: ['pathOfFile', 'requestPort'] });
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0];
      // @ts-expect-error: Electron has it and does not name it in its types
      return webContents.getLastWebPreferences();
    });
    assert.equal(preferences.contextIsolation, true);
    assert.equal(preferences.sandbox, true);
    assert.equal(preferences.nodeIntegration, false);
    assert.equal(preferences.webSecurity, true);
  });

  test('stays on its page, opens no other, and gets no permission', async (t) => {
    const { app, page } = await startApp(t);
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    assert.equal(await page.evaluate(() => window.open('https://example.org/') === null), true);
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.org/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
    });
    const state = await page.evaluate(
      async () => (await navigator.permissions.query({ name: 'geolocation' })).state,
    );
    assert.equal(state, 'denied');
    assert.match(
      await page.evaluate(() =>
        navigator.mediaDevices.getUserMedia({ video: true }).then(
          () => 'granted',
          (error) => error.name,
        ),
      ),
      /NotAllowedError|NotFoundError/,
    );
    assert.equal(page.url(), before);
    assert.equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1);
  });

  test('refuses every way out and counts it on screen', async (t) => {
    const { page, userData } = await startApp(t);
    assert.match(
      await page.evaluate(
        async () => (await fetch(location.href)).headers.get('content-security-policy') ?? '',
      ),
      /default-src 'none'/,
    );
    const tries = await page.evaluate(async () => {
      const got = (work: Promise<unknown>): Promise<string> =>
        work.then(
          () => 'got through',
          () => 'refused',
        );
      const image = new Promise((resolve, reject) => {
        const img = new Image();
        img.onload = resolve;
        img.onerror = reject;
        img.src = 'https://example.org/x.png';
      });
      return Promise.all([got(fetch('https://example.org/')), got(image), got(fetch('file:///etc/hosts'))]);
    });
    assert.deepEqual(tries, ['refused', 'refused', 'refused']);
    await page.getByRole('button', { name: 'New workspace' }).waitFor();
    assert.ok(userData.length > 0);
    const evaluated = await page.evaluate(() => {
      try {
        // biome-ignore lint/security/noGlobalEval: it is to be refused
        return eval('1 + 1');
      } catch {
        return 'refused';
      }
    });
    assert.equal(evaluated, 'refused');
  });

  test('serves the window and pictures from its own scheme only', async (t) => {
    const { page } = await startApp(t);
    const statuses = await page.evaluate(() =>
      Promise.all(
        [
          '/index.html',
          '/../main/index.js',
          '/%2e%2e/%2e%2e/package.json',
          '/media/thumbnail/nothing',
          '/media/../package.json',
        ].map(async (path) => (await fetch(path)).status),
      ),
    );
    assert.equal(statuses[0], 200);
    for (const status of statuses.slice(1)) assert.ok(status === 400 || status === 404, String(status));
  });
});
