// Electron's main process: one locked-down window. A shell so far; the engine is forked here in a later version.

import { join } from 'node:path';
import { app, BrowserWindow, session } from 'electron';

/** Set by electron-vite while the renderer is served from the developer's own PC. */
const devServer = process.env.ELECTRON_RENDERER_URL;

function createWindow(): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    },
  });
  if (devServer !== undefined) void window.loadURL(devServer);
  else void window.loadFile(join(import.meta.dirname, '../renderer/index.html'));
}

/** Nothing leaves this PC: only the window's own files (and, in development, its server) may be asked for. */
function blockNetwork(): void {
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !isOwn(url) });
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
}

function isOwn(address: string): boolean {
  const { protocol, host } = new URL(address);
  if (['file:', 'data:', 'blob:', 'devtools:'].includes(protocol)) return true;
  return devServer !== undefined && host === new URL(devServer).host;
}

app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
});
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
app.on('activate', () => {
  if (BrowserWindow.getAllWindows().length === 0) createWindow();
});

await app.whenReady();
blockNetwork();
createWindow();
