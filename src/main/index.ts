// Electron's main process: one locked-down window, the engine in a utility process, and nothing else.

import { join, resolve } from 'node:path';
import { app, BrowserWindow, Menu } from 'electron';
import { Desk } from '../hosts/desk/desk.ts';
import { forkUtilityEngine } from './fork-utility.ts';
import { declareMediaScheme, serveMediaScheme } from './media-scheme.ts';
import { applicationMenu } from './menu.ts';
import { desktopPlatform } from './platform.ts';
import { brokerPorts } from './ports.ts';
import { guardContents, guardSession } from './security.ts';

/** Set by electron-vite while the renderer is served from the developer's own PC. */
const devServer = process.env.ELECTRON_RENDERER_URL;
let window: BrowserWindow | null = null;

if (!app.requestSingleInstanceLock()) app.exit(0);
app.on('second-instance', () => {
  if (window?.isMinimized()) window.restore();
  window?.focus();
});
app.on('web-contents-created', (_event, contents) => guardContents(contents));
declareMediaScheme();

await app.whenReady();
const desk = new Desk({
  fork: forkUtilityEngine,
  platform: desktopPlatform(() => window),
  configFolder: app.getPath('userData'),
});
guardSession(devServer, () => desk.requestBlocked());
serveMediaScheme(desk);
Menu.setApplicationMenu(applicationMenu());
openFromArguments();
openWindow();

app.on('activate', () => {
  if (window === null) openWindow();
});
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});

let closed = false;
app.on('will-quit', (event) => {
  if (closed) return;
  event.preventDefault();
  void desk.close().finally(() => {
    closed = true;
    app.quit();
  });
});

function openWindow(): void {
  window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: '#2e2e2e',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  brokerPorts(desk, window.webContents);
  window.once('ready-to-show', () => window?.show());
  window.once('closed', () => {
    window = null;
  });
  if (devServer !== undefined) void window.loadURL(devServer);
  else void window.loadFile(join(import.meta.dirname, '../renderer/index.html'));
}

/** `flawsmith --workspace FOLDER`: what goes wrong with it is shown by the first page's own way of opening. */
function openFromArguments(): void {
  const at = process.argv.indexOf('--workspace');
  const folder = at < 0 ? undefined : process.argv[at + 1];
  if (folder !== undefined) void desk.open(resolve(folder), false).catch(() => {});
}
