// What long work gets from the engine: cancel, progress, and checkpoints that are on disk before anybody hears of them.

import type { Clock } from '../ids.ts';
import { isBlobReferenced } from '../store/blob-references.ts';
import { dropOldCheckpoints, listCheckpoints, putCheckpoint } from '../store/checkpoints.ts';
import type { Workspace } from '../workspace.ts';
import { EtaEstimator } from './eta.ts';
import { createTrainingWatch, type TrainingWatch, type WatchEvent } from './training-watch.ts';

export interface Checkpoint {
  step: number;
  bytes: Uint8Array;
}

/** Given to training and generation. */
export interface RunContext {
  readonly runId: string;
  /** Aborted on Ctrl+C or stop: finish the current step, then throw `signal.reason`. */
  readonly signal: AbortSignal;
  /** Names the phase that following progress belongs to, for example "fine-tune". */
  phase(name: string): void;
  /** How far the current phase has come; `total` 0 where it is not known. May be called as often as convenient. */
  progress(done: number, total: number, note?: string): void;
  log(level: 'info' | 'warn', message: string): void;
  /** Stores the state after a step; when it resolves, a power cut loses nothing up to this step. */
  checkpoint(step: number, bytes: Uint8Array): Promise<void>;
  /** The latest sound checkpoint of this run, null where there is none. */
  lastCheckpoint(): Promise<Checkpoint | null>;
  /** Where a training shows how far it has come; absent where nothing is stored. */
  readonly watch?: TrainingWatch;
}

export type RunEvent =
  | {
      event: 'progress';
      phase: string;
      done: number;
      total: number;
      etaSeconds: number | null;
      note: string | null;
    }
  | { event: 'log'; level: 'info' | 'warn'; message: string }
  | { event: 'checkpoint'; runId: string; step: number }
  | WatchEvent;

export interface RunContextOptions {
  workspace: Workspace;
  clock: Clock;
  runId: string;
  signal: AbortSignal;
  emit(event: RunEvent): void;
  /** Called for every progress, to be stored with the run now and then. */
  onProgress(progress: { phase: string; done: number; total: number; note: string | null }): void;
}

/** The last two are kept: if the newest was damaged by the disk, the run goes on from the one before. */
const KEPT_CHECKPOINTS = 2;
/** More events than this would only cost time. */
const EVENT_INTERVAL_MS = 100;

/** Builds the context of one run. */
export function createRunContext(options: RunContextOptions): RunContext {
  const { workspace, clock, runId, signal, emit } = options;
  const eta = new EtaEstimator();
  let phase = 'work';
  let lastEventAt = 0;

  return {
    runId,
    signal,
    watch: createTrainingWatch({ workspace, clock, runId, emit }),
    phase(name) {
      phase = name;
      lastEventAt = 0;
    },
    progress(done, total, note) {
      const now = clock.now();
      const etaSeconds = eta.secondsLeft(phase, done, total, now);
      options.onProgress({ phase, done, total, note: note ?? null });
      if (done < total && now - lastEventAt < EVENT_INTERVAL_MS) return;
      lastEventAt = now;
      emit({ event: 'progress', phase, done, total, etaSeconds, note: note ?? null });
    },
    log(level, message) {
      emit({ event: 'log', level, message });
    },
    async checkpoint(step, bytes) {
      const { hash } = await workspace.blobs.put(bytes);
      await storeCheckpoint(workspace, runId, step, hash, clock.now());
      emit({ event: 'checkpoint', runId, step });
    },
    async lastCheckpoint() {
      for (const row of listCheckpoints(workspace.db, runId)) {
        if ((await workspace.blobs.verify(row.blob)) === 'ok') {
          return { step: row.step, bytes: await workspace.blobs.get(row.blob) };
        }
        emit({
          event: 'log',
          level: 'warn',
          message: `the checkpoint of step ${row.step} is damaged, using an earlier one`,
        });
      }
      return null;
    },
  };
}

async function storeCheckpoint(
  workspace: Workspace,
  runId: string,
  step: number,
  blob: string,
  at: number,
): Promise<void> {
  const before = listCheckpoints(workspace.db, runId);
  workspace.db.transaction(() => {
    putCheckpoint(workspace.db, { runId, step, blob, createdAt: at });
    dropOldCheckpoints(workspace.db, runId, KEPT_CHECKPOINTS);
  });
  await removeUnreferenced(
    workspace,
    before.map((row) => row.blob),
  );
}

/** Removes blobs that no row points at any more. */
export async function removeUnreferenced(workspace: Workspace, blobs: readonly string[]): Promise<void> {
  for (const blob of blobs) {
    if (!isBlobReferenced(workspace.db, blob)) await workspace.blobs.remove(blob);
  }
}
