// The desktop app as it runs: what its page cannot reach, where it cannot go, and that nothing leaves the PC.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipWithoutElectron, startApp } from './support.ts';

// What runs in the page stands here as text: these files know no DOM.
const SEEN = `({
  node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
  bridge: Object.keys(window.flawsmith ?? {}).sort(),
})`;
const FOLLOW_LINK = `{
  const link = document.createElement('a');
  link.href = 'https://example.org/';
  link.target = '_blank';
  document.body.append(link);
  link.click();
}`;
const CAMERA = `navigator.mediaDevices.getUserMedia({ video: true })
  .then(() => 'granted', (error) => error.name)`;
const WAYS_OUT = `{
  const got = (work) => work.then(() => 'got through', () => 'refused');
  const image = new Promise((resolve, reject) => {
    const img = new Image();
    img.onload = resolve;
    img.onerror = reject;
    img.src = 'https://example.org/x.png';
  });
  Promise.all([got(fetch('https://example.org/')), got(image), got(fetch('file:///etc/hosts'))]);
}`;
const INLINE_SCRIPT = `new Promise((resolve) => {
  const script = document.createElement('script');
  script.textContent = 'window.ran = true';
  document.body.append(script);
  setTimeout(() => resolve(window.ran === true), 50);
})`;
const POLICY = "fetch(location.href).then(({ headers }) => headers.get('content-security-policy'))";

describe('the app in Electron', { skip: skipWithoutElectron() }, () => {
  test('starts to the first page, without Node in it', async (t) => {
    const { app, page } = await startApp(t);
    await page.getByRole('button', { name: /sample product|Beispiel/ }).waitFor();
    assert.equal(new URL(page.url()).host, 'flawsmith');
    assert.equal(new URL(page.url()).protocol, 'app:');
    assert.deepEqual(await page.evaluate(SEEN), { node: [], bridge: ['pathOfFile', 'requestPort'] });
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0];
      // Electron has it and does not name it in its types.
      const told = webContents as unknown as { getLastWebPreferences(): Record<string, boolean> };
      return told.getLastWebPreferences();
    });
    assert.equal(preferences.contextIsolation, true);
    assert.equal(preferences.sandbox, true);
    assert.equal(preferences.nodeIntegration, false);
    assert.equal(preferences.webSecurity, true);
  });

  test('stays on its page, opens no other, and gets no permission', async (t) => {
    const { app, page } = await startApp(t);
    const before = page.url();
    await page.evaluate("location.href = 'https://example.org/'");
    assert.equal(await page.evaluate("window.open('https://example.org/') === null"), true);
    await page.evaluate(FOLLOW_LINK);
    const state = "navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)";
    assert.equal(await page.evaluate(state), 'denied');
    assert.match((await page.evaluate(CAMERA)) as string, /NotAllowedError|NotFoundError/);
    assert.equal(page.url(), before);
    assert.equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1);
  });

  test('refuses every way out, and scripts that are no file of its own', async (t) => {
    const { page } = await startApp(t);
    assert.match((await page.evaluate(POLICY)) as string, /default-src 'none'/);
    assert.deepEqual(await page.evaluate(WAYS_OUT), ['refused', 'refused', 'refused']);
    assert.equal(await page.evaluate(INLINE_SCRIPT), false);
  });

  test('serves the window and pictures from its own scheme only', async (t) => {
    const { page } = await startApp(t);
    const paths = [
      '/index.html',
      '/../main/index.js',
      '/%2e%2e/%2e%2e/package.json',
      '/media/thumbnail/nothing',
      '/media/../package.json',
    ];
    const asked = `Promise.all(${JSON.stringify(paths)}.map(async (path) => (await fetch(path)).status))`;
    const [own, ...others] = (await page.evaluate(asked)) as number[];
    assert.equal(own, 200);
    for (const status of others) assert.ok(status === 400 || status === 404, String(status));
  });
});
