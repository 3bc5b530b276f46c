// The composition root: an engine for one workspace folder, reachable only through the contract over a message port.

import type { SupportedMessagePort } from '@orpc/client/message-port';
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
  /** Stops what runs (a run becomes `interrupted` and can be resumed), waits for it, and lets go of the workspace. */
  close(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const context = createContext(options.folder, options.clock ?? systemClock(), options.services);
  const closing = new AbortController();
  const active = new Set<Promise<unknown>>();

  const router = createRouter(context, (signal, work) => {
    const joined = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    const task = work(joined);
    active.add(task);
    const forget = (): void => void active.delete(task);
    task.then(forget, forget);
    return task;
  });
  const handler = new RPCHandler(router);

  return {
    serve: (port) => handler.upgrade(port),
    async close() {
      closing.abort();
      await Promise.allSettled(active);
      await context.close();
    },
  };
}
