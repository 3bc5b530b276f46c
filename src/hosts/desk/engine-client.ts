// The host's own way to the engine: for serving pictures. It takes a new channel after a restart.

import type { SupportedMessagePort } from '@orpc/client/message-port';
import { createClient } from '../../contract/client.ts';
import type { FlawsmithClient } from '../../contract/contract.ts';
import { AppError } from '../../core/base/errors.ts';
import type { Desk } from './desk.ts';
import type { Channel } from './supervisor.ts';

export class EngineClient {
  readonly #desk: Desk;
  #client: FlawsmithClient | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Throws `runtime` while there is no engine. */
  get(): FlawsmithClient {
    this.#client ??= this.#connect();
    return this.#client;
  }

  #connect(): FlawsmithClient {
    const events = new EventTarget();
    const channel: Channel | null = this.#desk.connect({
      receive: (data) => events.dispatchEvent(new MessageEvent('message', { data })),
      closed: () => {
        this.#client = null;
        events.dispatchEvent(new Event('close'));
      },
    });
    if (channel === null) throw new AppError('runtime', 'the engine is not running');
    return createClient(
      Object.assign(events, { postMessage: channel.send }) as unknown as SupportedMessagePort,
    );
  }
}
