// A process of its own that opens a workspace, begins a run, says so on stdout, and waits to be killed.

import { systemClock } from '../../../src/engine/ids.ts';
import { createRun, executeRun } from '../../../src/engine/runs/run-manager.ts';
import { findProduct, insertProduct } from '../../../src/engine/store/products.ts';
import { openWorkspace } from '../../../src/engine/workspace.ts';

const clock = systemClock();
const workspace = await openWorkspace(process.argv[2], { clock, create: true });
if (findProduct(workspace.db, 'part') === undefined) {
  insertProduct(workspace.db, { id: clock.newId(), name: 'part', createdAt: clock.now() });
}
const run = createRun(workspace, clock, {
  kind: 'train',
  productId: findProduct(workspace.db, 'part')!.id,
  packId: null,
  params: {},
  identityParts: {
    method: 'seas',
    params: {},
    seed: 0,
    datasetRevision: 'd',
    packHash: null,
    engineVersion: '1',
    loweringProfile: 'l',
    threads: 1,
    runtimeVersion: '1',
  },
  device: 'cpu',
});
await executeRun(workspace, clock, run, {
  signal: new AbortController().signal,
  emit() {},
  async work(context) {
    await context.checkpoint(3, Buffer.from('state after 3'));
    process.stdout.write(`${run.id}\n`);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    return { outcome: {} };
  },
});
