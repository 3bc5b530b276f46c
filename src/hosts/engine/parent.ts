// The way to whoever forked the engine: Node's IPC channel, or the port of Electron's utility process.

import type { FromEngine, ToEngine } from './protocol.ts';

export interface Parent {
  send(message: FromEngine): void;
  end(): void;
}

export interface ParentListener {
  receive(message: ToEngine): void;
  /** The parent is gone. */
  lost(): void;
}

/** The part of Electron's `process.parentPort` that is needed. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void;
  postMessage(message: FromEngine): void;
}

export function openParent(listener: ParentListener): Parent {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port !== undefined) {
    port.on('message', ({ data }) => listener.receive(data));
    return { send: (message) => port.postMessage(message), end: () => process.exit(0) };
  }
  process.on('message', (message) => listener.receive(message as ToEngine));
  process.on('disconnect', () => listener.lost());
  return {
    send: (message) => void (process.connected && process.send?.(message)),
    end: () => void (process.connected && process.disconnect()),
  };
}
