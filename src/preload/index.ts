// The bridge between page and main: hands over ports and tells where a dropped file lies. Nothing else.

import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The page's window: this file is compiled without a DOM. */
declare const window: { postMessage(message: unknown, origin: string, ports: readonly unknown[]): void };

const REQUEST = 'flawsmith:request-port';
const PORT = 'flawsmith:port';

// A port cannot cross the bridge; it is handed to the page as a window message.
ipcRenderer.on(PORT, (event, { id, far }: { id: number; far: string }) => {
  window.postMessage({ flawsmith: 'port', id, far }, '*', event.ports);
});

contextBridge.exposeInMainWorld('flawsmith', {
  requestPort: (far: string, id: number) => ipcRenderer.send(REQUEST, far, id),
  pathOfFile: (file: File) => webUtils.getPathForFile(file),
});
