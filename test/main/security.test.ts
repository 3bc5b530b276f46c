// What of the main process can be tried without Electron: its own addresses, its files, the engine's environment, the
// window's options.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { builderConfig } from '../../scripts/package/builder-config.ts';
import { PAGE_HEADERS } from '../../src/hosts/desk/page-headers.ts';
import { engineEnvironment } from '../../src/main/engine-environment.ts';
import { APP_PAGE, isOwn } from '../../src/main/own-addresses.ts';
import { appPath, windowFile } from '../../src/main/window-file.ts';
import { windowOptions } from '../../src/main/window-options.ts';

test('only the app itself is its own address', () => {
  const own = [
    APP_PAGE,
    'app://flawsmith/media/thumbnail/1',
    'data:,',
    'blob:app://flawsmith/1',
    'devtools://devtools/x',
  ];
  const foreign = [
    'https://example.org/',
    'http://127.0.0.1:5173/',
    'ws://127.0.0.1:5173/',
    'app://other/index.html',
    'file:///etc/passwd',
    'ftp://flawsmith/x',
    'chrome-extension://x/y',
    'about:blank',
    'javascript:alert(1)',
    'no address',
    '',
  ];
  for (const address of own) assert.equal(isOwn(address, undefined), true, address);
  for (const address of foreign) assert.equal(isOwn(address, undefined), false, address);
});

test("the developer's server is own only where there is one, and only itself", () => {
  const server = 'http://127.0.0.1:5173';
  assert.equal(isOwn('http://127.0.0.1:5173/main.tsx', server), true);
  assert.equal(isOwn('ws://127.0.0.1:5173/', server), true);
  for (const address of ['http://127.0.0.1:5174/', 'http://localhost:5173/', 'file://127.0.0.1:5173/x'])
    assert.equal(isOwn(address, server), false, address);
});

test('the app scheme serves files of the window and never leaves their folder', () => {
  const folder = join('/app', 'out', 'renderer');
  assert.deepEqual(windowFile(folder, '/index.html'), {
    file: join(folder, 'index.html'),
    type: 'text/html; charset=utf-8',
  });
  assert.equal(windowFile(folder, '/assets/a-1.js')?.file, join(folder, 'assets', 'a-1.js'));
  const refused = [
    '/../main/index.js',
    '/%2e%2e/main/index.js',
    '/..%2fmain%2findex.js',
    '/..%5cmain%5cindex.js',
    '/assets/../../main/index.js',
    '/index.html%00.js',
    '/%E0%A4%A.js',
    '/notes.txt',
    '/index.ts',
    '/',
    '',
  ];
  for (const path of refused) assert.equal(windowFile(folder, path), null, path);
});

test('paths are taken from the app origin only', () => {
  assert.equal(appPath('app://flawsmith/media/thumbnail/1?size=256'), '/media/thumbnail/1');
  for (const address of ['app://other/index.html', 'https://flawsmith/index.html', 'nothing'])
    assert.equal(appPath(address), null, address);
});

test('the engine does not learn how the app was started', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/a',
    FLAWSMITH_CACHE: '/c',
    LC_ALL: 'C',
    NODE_OPTIONS: '--require x',
    ELECTRON_RUN_AS_NODE: '1',
    AWS_SECRET_ACCESS_KEY: 's',
    LD_PRELOAD: 'x.so',
    HTTPS_PROXY: 'p',
    EMPTY: undefined,
  };
  assert.deepEqual(Object.keys(engineEnvironment(env)).sort(), ['FLAWSMITH_CACHE', 'HOME', 'LC_ALL', 'PATH']);
});

test('the window is isolated, sandboxed and without Node, and has no tools once it is packaged', () => {
  for (const developing of [true, false]) {
    const { webPreferences } = windowOptions('/preload.cjs', developing);
    assert.deepEqual(
      {
        contextIsolation: webPreferences?.contextIsolation,
        sandbox: webPreferences?.sandbox,
        nodeIntegration: webPreferences?.nodeIntegration,
        nodeIntegrationInWorker: webPreferences?.nodeIntegrationInWorker,
        webSecurity: webPreferences?.webSecurity,
        webviewTag: webPreferences?.webviewTag,
        devTools: webPreferences?.devTools,
      },
      {
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        webSecurity: true,
        webviewTag: false,
        devTools: developing,
      },
    );
  }
});

test('the policy of the pages allows nothing from elsewhere and no code from text', () => {
  const policy = PAGE_HEADERS['Content-Security-Policy'];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:|ws:/);
});

test('the installers switch off what lets Electron run other code', () => {
  const { electronFuses, asar, asarUnpack, npmRebuild } = builderConfig({
    root: join(import.meta.dirname, '../..'),
    stage: '/stage',
    output: '/out',
  });
  assert.deepEqual(electronFuses, {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
  assert.deepEqual([asar, npmRebuild], [true, false]);
  assert.ok((asarUnpack as string[]).includes('node_modules/**'));
});
