// Keeps how long a training and its parts took, and under which conditions.

import type { Clock } from '../ids.ts';
import type { RunContext } from '../runs/run-context.ts';
import { TrainingMeter } from '../runs/training-meter.ts';
import type { RuntimeProfile, TrainRequest } from '../services.ts';
import { putTrainingTime } from '../store/training-times.ts';
import type { Workspace } from '../workspace.ts';

export interface TimeKey {
  packHash: string;
  device: string;
  shape: string;
}

/** Stored this often while the work goes on, so that a crash loses little. */
const STORE_INTERVAL_MS = 10_000;

/** Times are only compared on the same device with the same pack; `shape` is what else a step's time depends on. */
export function timeKeyOf(
  request: Pick<TrainRequest, 'method' | 'adapterRank' | 'plan' | 'pack' | 'normals'>,
  profile: RuntimeProfile,
): TimeKey {
  const { method, adapterRank, plan, pack, normals } = request;
  const { parts, lanes, form } = plan;
  const shape = {
    method,
    adapters: adapterRank > 0,
    normals: normals.length > 0,
    parts,
    lanes,
    recompute: form.recompute,
  };
  return {
    packHash: pack.hash,
    device: `${profile.device} ${profile.deviceName} ${profile.threads}`,
    shape: JSON.stringify(shape),
  };
}

/** Runs `work` with its times stored, whether it ends well or not. */
export async function timed<R>(
  workspace: Workspace,
  clock: Clock,
  about: TimeKey & { runId: string | null },
  context: RunContext,
  work: (context: RunContext) => Promise<R>,
): Promise<R> {
  const meter = new TrainingMeter(clock);
  const [id, startedAt] = [clock.newId(), clock.now()];
  let storedAt = startedAt;
  const store = (): void => {
    storedAt = clock.now();
    putTrainingTime(workspace.db, { id, ...about, startedAt, ...meter.measured() });
  };
  const onChange = (): void => {
    if (about.runId !== null && clock.now() - storedAt >= STORE_INTERVAL_MS) tryStore(store);
  };
  try {
    const result = await work(meter.around(context, onChange));
    tryStore(store);
    return result;
  } catch (error) {
    // A short measurement that was broken off says nothing.
    if (about.runId !== null) tryStore(store);
    throw error;
  }
}

function tryStore(store: () => void): void {
  try {
    store();
  } catch {
    // The times are a convenience: a full disk must neither end a run nor hide its error.
  }
}
