// What the window may never do: leave its page, open others, ask for permissions, reach the network.

import { session, type WebContents } from 'electron';

const OWN_SCHEMES = ['file:', 'media:', 'data:', 'blob:', 'devtools:'];

export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Refuses every request but the window's own files; `blocked` hears of each. */
export function guardSession(devServer: string | undefined, blocked: () => void): void {
  const { defaultSession } = session;
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isOwn(url, devServer);
    if (cancel) blocked();
    answer({ cancel });
  });
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.setSpellCheckerEnabled(false);
  defaultSession.on('will-download', (event) => event.preventDefault());
}

/** Whether an address is of this window's own files, or of the developer's server. */
export function isOwn(address: string, devServer: string | undefined): boolean {
  const { protocol, host } = new URL(address);
  if (OWN_SCHEMES.includes(protocol)) return true;
  return devServer !== undefined && host === new URL(devServer).host;
}
