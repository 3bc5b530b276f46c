// Runs the staged engine as far as it goes without Electron: in a folder with nothing of the repository above it, as a
// process of plain Node, through the contract. It makes a workspace, imports, trains a little, generates, checks it all.

import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlawsmithClient } from '../../src/contract/contract.ts';
import { Desk } from '../../src/hosts/desk/desk.ts';
import { EngineClient } from '../../src/hosts/desk/engine-client.ts';
import { forkNode } from '../../src/hosts/desk/fork-node.ts';

export interface Trial {
  readonly pictures: number;
  readonly generated: number;
  /** What the workspace's own check says afterwards. */
  readonly healthy: boolean;
}

export interface TrialOptions {
  /** Fills the workspace; without it, the sample product does. */
  readonly prepare?: (client: FlawsmithClient, place: string) => Promise<unknown>;
  /** Folder of a base pack; without it, the embedded one. */
  readonly pack?: string;
}

/** Parts of a stage that the engine's process reads. */
const ENGINE_PARTS = ['out/engine', 'resources', 'node_modules'];
const STEPS = 2;
const GENERATED = 2;

/** Throws what fails. */
export async function tryEngine(stage: string, options: TrialOptions = {}): Promise<Trial> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'flawsmith-stage-')));
  try {
    for (const part of ENGINE_PARTS) cpSync(join(stage, part), join(place, part), { recursive: true });
    const desk = new Desk({
      fork: () => forkNode(join(place, 'out/engine/main.js')),
      platform: { nativeDialogs: false, pick: async () => null, reveal: null },
      configFolder: join(place, 'config'),
    });
    try {
      await desk.open(join(place, 'workspace'), true);
      const trial = await work(new EngineClient(desk).get(), place, options);
      const { requestsBlocked } = desk.state;
      if (requestsBlocked > 0)
        throw new Error(`the engine tried to reach the network ${requestsBlocked} times`);
      return trial;
    } finally {
      await desk.close();
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function work(
  client: FlawsmithClient,
  place: string,
  { prepare = importSample, pack }: TrialOptions,
): Promise<Trial> {
  await prepare(client, place);
  const [{ types, normals }] = (await client.workspace.info({})).products;
  const same = { shotSeed: 0, seed: 0, device: 'cpu' } as const;
  await last(
    client.training.train({ ...same, method: 'seas', preset: 'quick', shots: 2, steps: STEPS, pack }),
  );
  const [{ name: type }] = types;
  await last(client.generation.generate({ ...same, generator: 'windows', type, count: GENERATED }));
  const { pictures } = await client.review.list({});
  const { healthy } = await last(client.workspace.doctor({ repair: false }));
  return { pictures: normals, generated: pictures.length, healthy };
}

async function importSample(client: FlawsmithClient): Promise<void> {
  await last(client.datasets.sample({ seed: 0 }));
}

/** The result of a long call. */
async function last<T extends { event: string }>(
  stream: Promise<AsyncIterable<T>>,
): Promise<Extract<T, { event: 'result' }>> {
  let found: T | undefined;
  for await (const event of await stream) found = event;
  if (found?.event !== 'result') throw new Error('the engine stopped without a result');
  return found as Extract<T, { event: 'result' }>;
}
