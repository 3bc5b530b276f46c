// The composition root: an engine for one workspace folder, reachable only through the contract over a message port.

import type { SupportedMessagePort } from '@orpc/client/message-port';
import { RPCHandler as ChannelHandler } from '@orpc/server/bun-ws';
import { RPCHandler } from '@orpc/server/message-port';
import { createContext } from './engine-context.ts';
import { createRouter } from './handlers/router.ts';
import { type Clock, systemClock } from './ids.ts';
import type { Services } from './services.ts';

export interface EngineOptions {
  /** The workspace; it need not exist yet, nothing is opened before a method needs it. */
  folder: string;
  services: Services;
  clock?: Clock;
}

export interface Engine {
  /** Answers calls that arrive on a port. */
  serve(port: SupportedMessagePort): void;
  /** Opens, or makes, the workspace now instead of at the first method that writes. */
  open(options: { create: boolean }): Promise<void>;
  /** Answers calls that a host passes on message by message. */
  attach(channel: OutgoingChannel): IncomingChannel;
  /** Stops what runs (a run becomes `interrupted` and can be resumed), waits for it, and lets go of the workspace. */
  close(): Promise<void>;
}

/** How the engine answers, and that it will no longer listen to what made no sense. */
export interface OutgoingChannel {
  send(message: string | Uint8Array): void;
  broken(error: unknown): void;
}

export interface IncomingChannel {
  receive(message: string | Uint8Array): void;
  /** The other side is gone: its calls are stopped. */
  close(): void;
}

export function createEngine(options: EngineOptions): Engine {
  const context = createContext(options.folder, options.clock ?? systemClock(), options.services);
  const closing = new AbortController();
  const active = new Set<Promise<unknown>>();

  const router = createRouter(
    context,
    (signal, work) => {
      const joined = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      const task = work(joined);
      active.add(task);
      const forget = (): void => void active.delete(task);
      task.then(forget, forget);
      return task;
    },
    closing.signal,
  );
  const handler = new RPCHandler(router);
  // This adapter, unlike the others, tells whether a message could be read; the name is only of its first user.
  const channels = new ChannelHandler(router);

  return {
    serve: (port) => handler.upgrade(port),
    async open({ create }) {
      await context.writable({ create });
    },
    attach: ({ send, broken }) => {
      const peer = {
        send(message: string | ArrayBufferLike | Uint8Array): number {
          send(asMessage(message));
          return 0;
        },
      };
      return {
        receive: (message) => void channels.message(peer, message).catch(broken),
        close: () => channels.close(peer),
      };
    },
    async close() {
      closing.abort();
      await Promise.allSettled(active);
      await context.close();
    },
  };
}

function asMessage(message: string | ArrayBufferLike | Uint8Array): string | Uint8Array {
  return typeof message === 'string' || message instanceof Uint8Array ? message : new Uint8Array(message);
}
