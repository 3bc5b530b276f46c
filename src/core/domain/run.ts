// Life cycle of a run (training, generation, proof) as a discriminated union and its pure transitions.
//
//   queued ──► running ──► done | failed | cancelled
//                 │  ▲
//                 ▼  │            failed, interrupted and paused runs may be started again
//       paused | interrupted      done and cancelled are final

import { AppError, type ErrorCode } from '../base/errors.ts';
import type { JsonObject } from './json.ts';

export const RUN_KINDS = ['train', 'generate', 'prove'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** How far a run has come in the phase it is in. */
export interface RunProgress {
  phase: string;
  done: number;
  total: number;
  note: string | null;
}

/** An error as it is stored and sent: AppError without its class. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  file?: string;
  hint?: string;
  /** Names to choose one of, where that is what is missing. */
  choices?: string[];
}

/** `stopped`: by the user (Ctrl+C, pause of the PC); `crashed`: the process went away while it ran. */
export type InterruptReason = 'stopped' | 'crashed';

/** Times are milliseconds since 1970 and always an argument: this file has no clock. */
export type RunState =
  | { state: 'queued' }
  | { state: 'running'; startedAt: number; progress: RunProgress | null }
  | { state: 'paused'; at: number; progress: RunProgress | null }
  | { state: 'interrupted'; at: number; reason: InterruptReason; progress: RunProgress | null }
  | { state: 'done'; at: number; outcome: JsonObject }
  | { state: 'failed'; at: number; error: PlainError; progress: RunProgress | null }
  | { state: 'cancelled'; at: number; progress: RunProgress | null };

export type RunStateName = RunState['state'];
export const RUN_STATES: readonly RunStateName[] = [
  'queued',
  'running',
  'paused',
  'interrupted',
  'done',
  'failed',
  'cancelled',
];

/** Starts a new run, or one that stopped before its end. */
export function startRun(run: RunState, at: number): RunState {
  switch (run.state) {
    case 'queued':
      return { state: 'running', startedAt: at, progress: null };
    case 'paused':
    case 'interrupted':
    case 'failed':
      return { state: 'running', startedAt: at, progress: run.progress };
    default:
      throw refused(run, 'started');
  }
}

/** Notes how far a running run has come. */
export function advanceRun(run: RunState, progress: RunProgress): RunState {
  if (run.state !== 'running') throw refused(run, 'advanced');
  return { ...run, progress };
}

/** Ends a running run with what it produced. */
export function finishRun(run: RunState, at: number, outcome: JsonObject): RunState {
  if (run.state !== 'running') throw refused(run, 'finished');
  return { state: 'done', at, outcome };
}

/** Ends a running run with the error that stopped it; it can be started again once the cause is gone. */
export function failRun(run: RunState, at: number, error: PlainError): RunState {
  if (run.state !== 'running') throw refused(run, 'failed');
  return { state: 'failed', at, error, progress: run.progress };
}

/** Stops a running run so that it can go on later; a run found `running` at start crashed. */
export function interruptRun(run: RunState, at: number, reason: InterruptReason): RunState {
  if (run.state !== 'running') throw refused(run, 'interrupted');
  return { state: 'interrupted', at, reason, progress: run.progress };
}

/** Halts a running run on the user's wish. */
export function pauseRun(run: RunState, at: number): RunState {
  if (run.state !== 'running') throw refused(run, 'paused');
  return { state: 'paused', at, progress: run.progress };
}

/** Gives a run up for good. */
export function cancelRun(run: RunState, at: number): RunState {
  switch (run.state) {
    case 'queued':
      return { state: 'cancelled', at, progress: null };
    case 'running':
    case 'paused':
    case 'interrupted':
    case 'failed':
      return { state: 'cancelled', at, progress: run.progress };
    default:
      throw refused(run, 'cancelled');
  }
}

/** Whether a user may ask for this run to go on: it was begun or waits, nobody works on it, and it has no end yet. */
export function isResumable(run: RunState): boolean {
  return ['queued', 'paused', 'interrupted', 'failed'].includes(run.state);
}

function refused(run: RunState, verb: string): AppError {
  return new AppError('usage', `this run is ${run.state} and cannot be ${verb}`, {
    hint:
      run.state === 'done'
        ? 'It is complete; start a new run instead.'
        : 'Look at its state with: flawsmith info',
  });
}
