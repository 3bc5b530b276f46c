// Electron's main process: one locked-down window, the engine in a utility process, and nothing else.

import { join, resolve } from 'node:path';
import { app, BrowserWindow, ipcMain, Menu, session } from 'electron';
import { Desk } from '../hosts/desk/desk.ts';
import { refuseNetwork } from '../hosts/desk/refuse-network.ts';
import { declareAppScheme, serveAppScheme } from './app-scheme.ts';
import { forkUtilityEngine } from './fork-utility.ts';
import { applicationMenu } from './menu.ts';
import { APP_PAGE } from './own-addresses.ts';
import { desktopPlatform } from './platform.ts';
import { brokerPorts, REFUSED } from './ports.ts';
import { guardContents, guardSession, silenceChromium } from './security.ts';
import { windowOptions } from './window-options.ts';

/** Set by electron-vite while the renderer is served from the developer's own PC; a packaged program asks nobody. */
const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
let window: BrowserWindow | null = null;

// Not awaited here: Electron is ready only after this module has been evaluated.
if (app.requestSingleInstanceLock()) {
  declareAppScheme();
  if (devServer === undefined) silenceChromium();
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app.on('second-instance', raise);
  app.whenReady().then(start, fail);
} else {
  app.exit(0);
}

function start(): void {
  const desk = new Desk({
    fork: forkUtilityEngine,
    platform: desktopPlatform(() => window),
    configFolder: app.getPath('userData'),
  });
  const refused = (): void => desk.requestBlocked();
  refuseNetwork(refused);
  guardSession(session.defaultSession, devServer, refused);
  // What the page's own policy refuses never becomes a request.
  ipcMain.on(REFUSED, refused);
  serveAppScheme(desk, join(import.meta.dirname, '../renderer'));
  Menu.setApplicationMenu(applicationMenu());
  openFromArguments(desk);
  openWindow(desk);
  app.on('activate', () => {
    if (window === null) openWindow(desk);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  closeBeforeQuitting(desk);
}

function openWindow(desk: Desk): void {
  window = new BrowserWindow(
    windowOptions(join(import.meta.dirname, '../preload/index.cjs'), !app.isPackaged),
  );
  brokerPorts(desk, window.webContents);
  window.once('ready-to-show', () => window?.show());
  window.once('closed', () => {
    window = null;
  });
  void window.loadURL(devServer ?? APP_PAGE);
}

/** `flawsmith --workspace FOLDER`: what goes wrong with it is shown by the first page's own way of opening. */
function openFromArguments(desk: Desk): void {
  const at = process.argv.indexOf('--workspace');
  const folder = at < 0 ? undefined : process.argv[at + 1];
  if (folder !== undefined) void desk.open(resolve(folder), false).catch(() => {});
}

/** What runs is stopped so that it can be resumed. */
function closeBeforeQuitting(desk: Desk): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void desk.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}

function raise(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

function fail(error: unknown): void {
  console.error(error);
  app.exit(1);
}
