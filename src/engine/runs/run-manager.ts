// Creates and executes runs. The truth about a run is its row: written before anything is said about it.

import { createHash } from 'node:crypto';
import { toPlainError } from '../../contract/errors.ts';
import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import {
  advanceRun,
  failRun,
  finishRun,
  interruptRun,
  type RunKind,
  type RunProgress,
  type RunState,
  startRun,
} from '../../core/domain/run.ts';
import { type RunIdentity, runIdentityText } from '../../core/domain/run-identity.ts';
import type { Clock } from '../ids.ts';
import { appendAudit } from '../store/audit.ts';
import { dropOldCheckpoints, listCheckpoints } from '../store/checkpoints.ts';
import { insertRun, listRunsInState, type RunRow, updateRunState } from '../store/runs.ts';
import type { Workspace } from '../workspace.ts';
import { createRunContext, type RunContext, type RunEvent, removeUnreferenced } from './run-context.ts';

export interface RunSpec {
  kind: RunKind;
  productId: string;
  packId: string | null;
  params: JsonObject;
  identityParts: RunIdentity;
  device: string;
}

/** What the work of a run gives back. */
export interface RunResult {
  /** Stored with the run and sent as its result. */
  outcome: JsonObject;
  /** Rows that belong to the result, inserted in the transaction that marks the run done. */
  commit?: () => void;
}

export interface ExecuteOptions {
  signal: AbortSignal;
  emit(
    event:
      | RunEvent
      | { event: 'run'; runId: string; kind: RunKind; resumed: boolean; workspace: string }
      | { event: 'run-end'; runId: string },
  ): void;
  work(context: RunContext): Promise<RunResult>;
}

/** Progress is stored this often; it is a convenience, losing some of it costs nothing. */
const PROGRESS_STORE_INTERVAL_MS = 2000;

/** SHA-256 of everything the run's result depends on. */
export function identityHash(parts: RunIdentity): string {
  return createHash('sha256').update(runIdentityText(parts)).digest('hex');
}

/** Stores a new run as queued. */
export function createRun(workspace: Workspace, clock: Clock, spec: RunSpec): RunRow {
  const at = clock.now();
  const run: RunRow = {
    id: clock.newId(),
    kind: spec.kind,
    productId: spec.productId,
    packId: spec.packId,
    method: spec.identityParts.method,
    params: spec.params,
    seed: spec.identityParts.seed,
    identity: identityHash(spec.identityParts),
    identityParts: spec.identityParts,
    datasetRevision: spec.identityParts.datasetRevision,
    device: spec.device,
    state: { state: 'queued' },
    createdAt: at,
    updatedAt: at,
  };
  workspace.db.transaction(() => {
    insertRun(workspace.db, run);
    appendAudit(workspace.db, at, {
      event: 'run-created',
      run: run.id,
      kind: run.kind,
      method: run.method,
      identity: run.identity,
    });
  });
  return run;
}

/**
 * Runs the work to its end: done, failed (the error is stored and thrown) or interrupted (signal; `cancelled` is thrown).
 * Returns the stored outcome.
 */
export async function executeRun(
  workspace: Workspace,
  clock: Clock,
  run: RunRow,
  options: ExecuteOptions,
): Promise<JsonObject> {
  let state: RunState = startRun(run.state, clock.now());
  const store = (next: RunState, commit?: () => void): void => {
    const at = clock.now();
    workspace.db.transaction(() => {
      commit?.();
      updateRunState(workspace.db, run.id, next, at);
      appendAudit(workspace.db, at, { event: 'run-state', run: run.id, state: next.state });
    });
    state = next;
  };
  store(state);
  options.emit({
    event: 'run',
    runId: run.id,
    kind: run.kind,
    resumed: run.state.state !== 'queued',
    workspace: workspace.folder,
  });

  let storedProgressAt = clock.now();
  const onProgress = (progress: RunProgress): void => {
    state = advanceRun(state, progress);
    if (clock.now() - storedProgressAt < PROGRESS_STORE_INTERVAL_MS) return;
    storedProgressAt = clock.now();
    updateRunState(workspace.db, run.id, state, storedProgressAt);
  };
  const context = createRunContext({
    workspace,
    clock,
    runId: run.id,
    signal: options.signal,
    emit: options.emit,
    onProgress,
  });
  let checkpoints: string[] = [];
  let outcome: JsonObject;
  try {
    options.signal.throwIfAborted();
    const result = await options.work(context);
    outcome = result.outcome;
    checkpoints = listCheckpoints(workspace.db, run.id).map((row) => row.blob);
    store(finishRun(state, clock.now(), outcome), () => {
      result.commit?.();
      dropOldCheckpoints(workspace.db, run.id, 0);
    });
  } catch (error) {
    throw settleFailure(error, options.signal, workspace.folder, run, () => {
      const at = clock.now();
      store(
        options.signal.aborted ? interruptRun(state, at, 'stopped') : failRun(state, at, toPlainError(error)),
      );
    });
  }
  options.emit({ event: 'run-end', runId: run.id });
  // Whatever cannot be removed now is found as an orphan by doctor.
  await removeUnreferenced(workspace, checkpoints).catch(() => {});
  return outcome;
}

/** Runs found `running` when a workspace is opened belonged to a process that went away. Returns their ids. */
export function interruptCrashedRuns(workspace: Workspace, clock: Clock): string[] {
  const crashed = listRunsInState(workspace.db, 'running');
  const at = clock.now();
  if (crashed.length === 0) return [];
  workspace.db.transaction(() => {
    for (const run of crashed) {
      updateRunState(workspace.db, run.id, interruptRun(run.state, at, 'crashed'), at);
      appendAudit(workspace.db, at, {
        event: 'run-state',
        run: run.id,
        state: 'interrupted',
        reason: 'crashed',
      });
    }
  });
  return crashed.map((run) => run.id);
}

function settleFailure(
  error: unknown,
  signal: AbortSignal,
  folder: string,
  run: RunRow,
  store: () => void,
): unknown {
  try {
    store();
  } catch {
    // The row cannot be written (a full disk, say). The first error is the one to report; the next start
    // finds the run marked running and makes it interrupted.
  }
  const resume = `Continue with: flawsmith ${run.kind} --resume ${run.id} --workspace ${quoted(folder)}`;
  if (signal.aborted) {
    const message = `stopped; ${run.kind} run ${run.id} can go on where it was`;
    return new AppError('cancelled', message, { hint: resume }, error);
  }
  if (!(error instanceof AppError) || error.details.resumable !== true) return error;
  const { details } = error;
  const hint = details.hint === undefined ? resume : `${resume} ${details.hint}`;
  return new AppError(error.code, error.message, { ...details, hint }, error);
}

function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `"${path}"`;
}
