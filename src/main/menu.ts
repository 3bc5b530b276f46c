// The application's menu: what a system expects, and no more; the window's own keys stay its own.

import { app, Menu, type MenuItemConstructorOptions } from 'electron';

export function applicationMenu(): Menu {
  const view: MenuItemConstructorOptions[] = [
    { role: 'togglefullscreen' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    ...(app.isPackaged ? [] : ([{ role: 'reload' }, { role: 'toggleDevTools' }] as const)),
  ];
  const edit: MenuItemConstructorOptions[] = [
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
  return Menu.buildFromTemplate([
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'fileMenu' },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
  ]);
}
