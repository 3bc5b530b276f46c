// datasets.sample: the product that Flawsmith brings along, rendered into the workspace and imported from there.

import { join } from 'node:path';
import type { EngineContext } from '../engine-context.ts';
import type { Call } from './call.ts';
import { importDataset } from './import.ts';

/** The rendered files stay: they are where the pictures came from. Rendering goes on where it was cut off. */
export async function importSample(context: EngineContext, { seed }: { seed: number }, call: Call) {
  const { folder } = await context.writable();
  call.emit({ event: 'progress', phase: 'render', done: 0, total: 0, etaSeconds: null, note: null });
  const source = await context.services.samples.render(join(folder, 'sample'), seed, call.signal);
  const { product, added, unchanged } = await importDataset(
    context,
    { source, layout: 'auto', dryRun: false, skipBad: false },
    call,
  );
  return { product, added, unchanged };
}
