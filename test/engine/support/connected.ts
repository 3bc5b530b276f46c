// An engine with fake services behind a real port that clones, and a client in front of it.

import type { TestContext } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { createClient } from '../../../src/contract/client.ts';
import type { FlawsmithClient } from '../../../src/contract/contract.ts';
import type { StepEvent } from '../../../src/contract/events.ts';
import { createEngine, type Engine } from '../../../src/engine/create-engine.ts';
import { systemClock } from '../../../src/engine/ids.ts';
import { fakeServices, type Hooks } from './fake-services.ts';

export interface Connected {
  client: FlawsmithClient;
  engine: Engine;
  close(): Promise<void>;
}

export function connect(
  t: TestContext,
  folder: string,
  hooks: Hooks = {},
  services = fakeServices(hooks),
): Connected {
  const engine = createEngine({ folder, services, clock: systemClock() });
  const { port1, port2 } = new MessageChannel();
  engine.serve(port1 as unknown as SupportedMessagePort);
  const client = createClient(port2 as unknown as SupportedMessagePort);
  port1.start();
  port2.start();
  const close = async (): Promise<void> => {
    await engine.close();
    port1.close();
    port2.close();
  };
  t.after(close);
  return { client, engine, close };
}

/** All events of a long call; the result is the last one. */
export async function collect<R>(stream: Promise<AsyncIterable<R | StepEvent>>): Promise<(R | StepEvent)[]> {
  const events: (R | StepEvent)[] = [];
  for await (const event of await stream) events.push(event);
  return events;
}

/** The result of a long call. */
export async function resultOf<R extends { event: string }>(
  stream: Promise<AsyncIterable<R>>,
): Promise<Extract<R, { event: 'result' }>> {
  let last: R | undefined;
  for await (const event of await stream) last = event;
  if (last?.event !== 'result') throw new Error(`the last event is ${JSON.stringify(last)}`);
  return last as Extract<R, { event: 'result' }>;
}
