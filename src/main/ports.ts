// Gives a window its ports: one to the host's own methods, one that is passed through to the engine.

import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import type { Desk } from '../hosts/desk/desk.ts';
import { createHostHandler } from '../hosts/desk/host-router.ts';

export const REQUEST = 'flawsmith:request-port';
export const PORT = 'flawsmith:port';
/** The page's policy refused a request. */
export const REFUSED = 'flawsmith:refused';

/** Serves one window until it is gone. */
export function brokerPorts(desk: Desk, contents: WebContents): void {
  const hosts = createHostHandler(desk);
  const left = desk.windowOpened();
  const asked = (event: Electron.IpcMainEvent, far: unknown, id: unknown): void => {
    if (event.sender !== contents || event.senderFrame !== contents.mainFrame) return;
    if ((far !== 'host' && far !== 'engine') || typeof id !== 'number') return;
    const { port1, port2 } = new MessageChannelMain();
    if (far === 'host') serveHost(hosts, port1);
    else serveEngine(desk, port1);
    contents.postMessage(PORT, { id, far }, [port2]);
  };
  ipcMain.on(REQUEST, asked);
  contents.once('destroyed', () => {
    ipcMain.off(REQUEST, asked);
    left();
  });
}

function serveHost(handler: ReturnType<typeof createHostHandler>, port: MessagePortMain): void {
  const peer = {
    send(message: string | ArrayBufferLike | Uint8Array): number {
      port.postMessage(message);
      return 0;
    },
  };
  port.on('message', ({ data }) => handler.message(peer, data).catch(() => port.close()));
  port.on('close', () => handler.close(peer));
  port.start();
}

/** Messages pass unread; the engine validates them. */
function serveEngine(desk: Desk, port: MessagePortMain): void {
  const channel = desk.connect({
    receive: (message) => port.postMessage(message),
    closed: () => port.close(),
  });
  port.on('message', ({ data }) => channel?.send(data));
  port.on('close', () => channel?.close());
  port.start();
  if (channel === null) port.close();
}
