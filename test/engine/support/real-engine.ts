// The real services on a small product, without the measurement of lowerings that every new pack would ask for.

import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { connect, resultOf } from './connected.ts';
import { writePlate } from './plate.ts';
import { tempFolder } from './temp-folder.ts';

export async function plateWorkspace(t: TestContext, plates: { good: number; each: number }) {
  const root = tempFolder(t);
  const source = await writePlate(root, plates);
  const folder = join(root, 'ws');
  const real = defaultServices();
  const services = { ...real, training: { ...real.training, lowerings: async () => ({}) } };
  const session = connect(t, folder, {}, services);
  await session.client.workspace.init({});
  const input = { source, layout: 'auto', dryRun: false, skipBad: false } as const;
  await resultOf(session.client.datasets.import(input));
  /** The same workspace in a new session, after the one before has stored where its runs stand. */
  const again = async (before: { close(): Promise<void> }) => {
    await before.close();
    return connect(t, folder, {}, services);
  };
  return { root, source, folder, session, again };
}
