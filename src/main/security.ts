// What the window may never do: leave its page, open others, ask for permissions, reach the network.

import { app, type Session, type WebContents } from 'electron';
import { isOwn } from './own-addresses.ts';

/** Chromium's own errands, before the app is ready. No name resolves to an address. */
export function silenceChromium(): void {
  const switches = [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
  ];
  for (const name of [...switches, 'no-pings']) app.commandLine.appendSwitch(name);
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Refuses every request but the window's own files; `blocked` hears of each. */
export function guardSession(guarded: Session, devServer: string | undefined, blocked: () => void): void {
  guarded.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isOwn(url, devServer);
    if (cancel) blocked();
    answer({ cancel });
  });
  guarded.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  guarded.setPermissionCheckHandler(() => false);
  guarded.setDevicePermissionHandler(() => false);
  guarded.setSpellCheckerEnabled(false);
  guarded.on('will-download', (event) => event.preventDefault());
}
