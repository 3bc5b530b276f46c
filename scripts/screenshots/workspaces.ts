// The workspaces that are photographed: an empty one, one in the middle of the work, and one whose files were damaged.

import { readdirSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { createClient } from '../../src/contract/client.ts';
import type { FlawsmithClient } from '../../src/contract/contract.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { defaultServices } from '../../src/engine/default-services.ts';
import { isWorkspace } from '../../src/engine/workspace-files.ts';

export interface Workspaces {
  readonly empty: string;
  readonly working: string;
  readonly damaged: string;
}

const STEPS = 5;
const PICTURES = 24;

export async function makeWorkspaces(folder: string): Promise<Workspaces> {
  const empty = join(folder, 'New line');
  const working = join(folder, 'Knurled rings');
  const damaged = join(folder, 'Damaged');
  // The last that is made: all three are there.
  if (isWorkspace(damaged)) return { empty, working, damaged };
  await withEngine(empty, async () => {});
  await withEngine(working, work);
  await cp(working, damaged, { recursive: true });
  spoil(damaged);
  return { empty, working, damaged };
}

async function work(client: FlawsmithClient): Promise<void> {
  await drain(client.datasets.sample({ seed: 0 }));
  const seeds = { seed: 0, shotSeed: 0 } as const;
  await drain(
    client.training.train({
      ...seeds,
      method: 'seas',
      preset: 'quick',
      shots: 3,
      steps: STEPS,
      device: 'cpu',
    }),
  );
  const [{ types }] = (await client.workspace.info({})).products;
  for (const { name } of types)
    await drain(
      client.generation.generate({
        ...seeds,
        generator: 'paste',
        type: name,
        count: PICTURES / types.length,
      }),
    );
  const { pictures } = await client.review.list({});
  const accepted = pictures.filter(({ flags }) => flags.length === 0).slice(0, PICTURES / 2);
  await client.review.decide({ decision: 'accept', select: { ids: accepted.map(({ id }) => id) } });
}

/** A third of the stored files are gone, as after a bad copy. */
function spoil(folder: string): void {
  const files = readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const [i, { parentPath, name }] of files.sort((a, b) => (a.name < b.name ? -1 : 1)).entries())
    if (i % 3 === 0) rmSync(join(parentPath, name));
}

async function withEngine(folder: string, use: (client: FlawsmithClient) => Promise<void>): Promise<void> {
  const engine = createEngine({ folder, services: defaultServices() });
  const { port1, port2 } = new MessageChannel();
  engine.serve(port1 as unknown as SupportedMessagePort);
  port1.start();
  port2.start();
  try {
    const client = createClient(port2 as unknown as SupportedMessagePort);
    await client.workspace.init({});
    await use(client);
  } finally {
    await engine.close();
    port1.close();
    port2.close();
  }
}

async function drain(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream);
}
