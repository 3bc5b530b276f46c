// What the desktop can do and a browser cannot: the system's dialogs and its file manager.

import { type BrowserWindow, dialog, shell } from 'electron';
import type { PickRequest, Platform } from '../hosts/desk/desk.ts';

export function desktopPlatform(window: () => BrowserWindow | null): Platform {
  return {
    nativeDialogs: true,
    reveal: (path) => shell.showItemInFolder(path),
    pick: (request) => pick(window(), request),
  };
}

async function pick(window: BrowserWindow | null, request: PickRequest): Promise<string | null> {
  if (window === null) return null;
  const { what, title, start, endings } = request;
  const extensions = endings.map((ending) => ending.slice(1));
  const common = {
    title,
    defaultPath: start,
    ...(extensions.length > 0 && { filters: [{ name: title, extensions }] }),
  };
  if (what === 'new-file') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, common);
    return canceled || filePath === '' ? null : filePath;
  }
  const kind = what === 'folder' ? (['openDirectory', 'createDirectory'] as const) : (['openFile'] as const);
  const { filePaths } = await dialog.showOpenDialog(window, { ...common, properties: [...kind] });
  return filePaths[0] ?? null;
}
