// One command's connection to the engine: in this process, but over a port that clones, through the contract.

import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { createClient } from '../../contract/client.ts';
import type { FlawsmithClient } from '../../contract/contract.ts';
import type { StepEvent } from '../../contract/events.ts';
import { createEngine } from '../../engine/create-engine.ts';
import { defaultServices } from '../../engine/default-services.ts';
import type { Services } from '../../engine/services.ts';
import type { Output } from './output.ts';

export interface SessionOptions {
  folder: string;
  signal: AbortSignal;
  output: Output;
  services?: Services;
}

export interface Session {
  readonly client: FlawsmithClient;
  /** Pass it with every call: Ctrl+C stops the call. */
  readonly signal: AbortSignal;
  /** The last run that was begun, for telling how to resume it; null once it is done. */
  readonly lastRun: { id: string; kind: string; workspace: string } | null;
  /** Where the last run that is done was stored; null before one is. */
  readonly finishedIn: string | null;
  /** Prints a long method's events and returns its result. */
  follow<R extends { event: 'result' }>(
    stream: Promise<AsyncIterable<StepEvent | R>>,
  ): Promise<Omit<R, 'event'>>;
  close(): Promise<void>;
}

/** Opens the connection; the workspace itself is opened by the first method that needs it. */
export function openSession(options: SessionOptions): Session {
  const engine = createEngine({ folder: options.folder, services: options.services ?? defaultServices() });
  const { port1, port2 } = new MessageChannel();
  engine.serve(asPort(port1));
  const client = createClient(asPort(port2));
  port1.start();
  port2.start();
  let lastRun: Session['lastRun'] = null;
  let finishedIn: string | null = null;

  return {
    client,
    signal: options.signal,
    get lastRun() {
      return lastRun;
    },
    get finishedIn() {
      return finishedIn;
    },
    async follow(stream) {
      for await (const event of await stream) {
        if (event.event === 'result') {
          const { event: _, ...result } = event;
          return result as never;
        }
        if (event.event === 'run') {
          lastRun = { id: event.runId, kind: event.kind, workspace: event.workspace };
        } else if (event.event === 'run-end') {
          finishedIn = lastRun?.workspace ?? null;
          lastRun = null;
        }
        options.output.event(event as StepEvent);
      }
      throw new Error('internal: the engine ended without a result');
    },
    async close() {
      await engine.close();
      port1.close();
      port2.close();
    },
  };
}

/** Node's port has the DOM's methods; only their declared types differ. */
function asPort(port: MessagePort): SupportedMessagePort {
  return port as unknown as SupportedMessagePort;
}
