// A workspace with the small plate product in it, made by the real engine before the window opens.

import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FlawsmithClient } from '../../../src/contract/contract.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { connect, resultOf } from '../../engine/support/connected.ts';
import { writePlate } from '../../engine/support/plate.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';

export const DENTS = { generator: 'paste', type: 'dent', seed: 3, shotSeed: 0 } as const;

/** The workspace's folder; `prepare` does what the user did before. */
export async function plateWorkspace(
  t: TestContext,
  prepare: (client: FlawsmithClient) => Promise<unknown> = async () => {},
): Promise<string> {
  const folder = join(tempFolder(t), 'parts');
  const { client, close } = connect(t, folder, {}, defaultServices());
  await client.workspace.init({});
  const source = await writePlate(tempFolder(t));
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  await prepare(client);
  await close();
  return folder;
}

/** So many pasted dents. */
export async function generateDents(client: FlawsmithClient, count: number): Promise<void> {
  await resultOf(client.generation.generate({ ...DENTS, count }));
}
