// The two WebSockets of a window: one to the host itself, one passed through to the engine.

import type { Desk } from '../desk/desk.ts';
import type { createHostHandler } from '../desk/host-router.ts';
import type { WebSocketConnection } from './websocket/connection.ts';

/** Close codes of our own: the window connects again after the first, and is at fault with the second. */
export const CLOSED = { engineGone: 4001, notUnderstood: 4002 } as const;

export function serveHostSocket(
  desk: Desk,
  handler: ReturnType<typeof createHostHandler>,
  connection: WebSocketConnection,
): void {
  const gone = desk.windowOpened();
  const peer = {
    send(message: string | ArrayBufferLike | Uint8Array): number {
      connection.send(asMessage(message));
      return 0;
    },
  };
  connection.listen({
    message: (data) => {
      handler.message(peer, data).catch(() => connection.close(CLOSED.notUnderstood, 'not understood'));
    },
    closed: () => {
      handler.close(peer);
      gone();
    },
  });
}

/** Messages pass unread; the engine validates them. */
export function serveEngineSocket(desk: Desk, connection: WebSocketConnection): void {
  const channel = desk.connect({
    receive: (message) => connection.send(message),
    closed: () => connection.close(CLOSED.engineGone, 'the engine is gone'),
  });
  connection.listen({
    message: (data) => channel?.send(data),
    closed: () => channel?.close(),
  });
  if (channel === null) connection.close(CLOSED.engineGone, 'there is no engine');
}

function asMessage(message: string | ArrayBufferLike | Uint8Array): string | Uint8Array {
  return typeof message === 'string' || message instanceof Uint8Array ? message : new Uint8Array(message);
}
