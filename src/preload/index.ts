// The bridge between page and main: hands over ports, tells where a dropped file lies, reports what the page's policy
// refused. Nothing else.

import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The page's window: this file is compiled without a DOM. */
declare const window: {
  postMessage(message: unknown, origin: string, ports: readonly unknown[]): void;
  addEventListener(event: string, listener: () => void): void;
};

const REQUEST = 'flawsmith:request-port';
const PORT = 'flawsmith:port';
const REFUSED = 'flawsmith:refused';

// A port cannot cross the bridge; it is handed to the page as a window message.
ipcRenderer.on(PORT, (event, { id, far }: { id: number; far: string }) => {
  window.postMessage({ flawsmith: 'port', id, far }, '*', event.ports);
});
window.addEventListener('securitypolicyviolation', () => ipcRenderer.send(REFUSED));

contextBridge.exposeInMainWorld('flawsmith', {
  requestPort: (far: string, id: number) => ipcRenderer.send(REQUEST, far, id),
  pathOfFile: (file: File) => webUtils.getPathForFile(file),
});
