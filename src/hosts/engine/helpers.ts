// Helpers of an engine in Electron's utility process: the main process starts them and hands over a port to each.

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HelperListener, StartHelper } from '../../engine/runtime/helper-process.ts';
import type { FromHelpers, ToHelpers } from './helper-protocol.ts';

/** The part of Electron's MessagePortMain that is needed. */
export interface HelperPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

interface Helper {
  readonly listener: HelperListener;
  port: HelperPort | null;
  /** Sent before the port came. */
  waiting: unknown[];
  gone(): void;
  readonly ended: Promise<void>;
}

export class Helpers {
  readonly #send: (message: ToHelpers) => void;
  readonly #helpers = new Map<number, Helper>();
  #last = 0;

  constructor(send: (message: ToHelpers) => void) {
    this.#send = send;
  }

  readonly start: StartHelper = (file, env, listener) => {
    const id = ++this.#last;
    const { promise: ended, resolve: gone } = Promise.withResolvers<void>();
    const helper: Helper = { listener, port: null, waiting: [], gone, ended };
    this.#helpers.set(id, helper);
    const given = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const name = basename(fileURLToPath(file));
    this.#send({ kind: 'helper-start', helper: id, name, env: Object.fromEntries(given) });
    return {
      pid: undefined,
      send(message) {
        if (helper.port === null) helper.waiting.push(message);
        else helper.port.postMessage(message);
      },
      // The utility process lives as long as the app.
      hold() {},
      kill: async () => {
        if (!this.#helpers.has(id)) return;
        this.#send({ kind: 'helper-kill', helper: id });
        await ended;
      },
    };
  };

  hear(message: FromHelpers, ports: readonly HelperPort[]): void {
    const helper = this.#helpers.get(message.helper);
    if (helper === undefined) return;
    switch (message.kind) {
      case 'helper-port':
        this.#connect(helper, ports[0]);
        return;
      case 'helper-output':
        helper.listener.output(message.text);
        return;
      case 'helper-ended':
        this.#helpers.delete(message.helper);
        helper.port?.close();
        helper.listener.ended(message.reason);
        helper.gone();
        return;
    }
  }

  #connect(helper: Helper, port: HelperPort): void {
    helper.port = port;
    port.on('message', ({ data }) => helper.listener.message(data));
    port.start();
    for (const message of helper.waiting.splice(0)) port.postMessage(message);
  }
}
