// The way to whoever forked the engine: Node's IPC channel, or the port of Electron's utility process.

import { startHelpersBy } from '../../engine/runtime/helper-process.ts';
import { type FromHelpers, isHelperMessage, type ToHelpers } from './helper-protocol.ts';
import { type HelperPort, Helpers } from './helpers.ts';
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
  on(
    event: 'message',
    listener: (event: { data: ToEngine | FromHelpers; ports: HelperPort[] }) => void,
  ): void;
  postMessage(message: FromEngine | ToHelpers): void;
}

export function openParent(listener: ParentListener): Parent {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port !== undefined) {
    const helpers = new Helpers((message) => port.postMessage(message));
    startHelpersBy(helpers.start);
    port.on('message', ({ data, ports }) => {
      if (isHelperMessage(data)) helpers.hear(data as FromHelpers, ports);
      else listener.receive(data as ToEngine);
    });
    return { send: (message) => port.postMessage(message), end: () => process.exit(0) };
  }
  process.on('message', (message) => listener.receive(message as ToEngine));
  process.on('disconnect', () => listener.lost());
  return {
    send: (message) => void (process.connected && process.send?.(message)),
    end: () => void (process.connected && process.disconnect()),
  };
}
