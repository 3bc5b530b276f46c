// Waits for a run that was told to stop: it ends its step and stores where it is.

import { setTimeout as sleep } from 'node:timers/promises';
import type { FlawsmithClient } from '../../../src/contract/contract.ts';

/** Throws where the run does not come to rest within a minute. */
export async function untilStopped(client: FlawsmithClient, runId: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { runs } = await client.training.runs({});
    if (runs.find(({ id }) => id === runId)?.state !== 'running') return;
    await sleep(100);
  }
  throw new Error(`run ${runId} is still running`);
}
