// The life cycle of a run: which transitions exist, what they keep, and which are refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import {
  advanceRun,
  cancelRun,
  failRun,
  finishRun,
  interruptRun,
  isResumable,
  pauseRun,
  RUN_STATES,
  type RunState,
  startRun,
} from '../../../src/core/domain/run.ts';

const PROGRESS = { phase: 'fine-tune', done: 3, total: 10, note: null };
const ERROR = { code: 'no-space' as const, message: 'full' };

const EXAMPLES: Record<RunState['state'], RunState> = {
  queued: { state: 'queued' },
  running: { state: 'running', startedAt: 1, progress: PROGRESS },
  paused: { state: 'paused', at: 1, progress: PROGRESS },
  interrupted: { state: 'interrupted', at: 1, reason: 'crashed', progress: PROGRESS },
  done: { state: 'done', at: 1, outcome: {} },
  failed: { state: 'failed', at: 1, error: ERROR, progress: PROGRESS },
  cancelled: { state: 'cancelled', at: 1, progress: null },
};

const TRANSITIONS: Record<
  string,
  { apply: (run: RunState) => RunState; from: RunState['state'][]; to: RunState['state'] }
> = {
  start: {
    apply: (run) => startRun(run, 5),
    from: ['queued', 'paused', 'interrupted', 'failed'],
    to: 'running',
  },
  advance: { apply: (run) => advanceRun(run, PROGRESS), from: ['running'], to: 'running' },
  finish: { apply: (run) => finishRun(run, 5, { a: 1 }), from: ['running'], to: 'done' },
  fail: { apply: (run) => failRun(run, 5, ERROR), from: ['running'], to: 'failed' },
  interrupt: { apply: (run) => interruptRun(run, 5, 'stopped'), from: ['running'], to: 'interrupted' },
  pause: { apply: (run) => pauseRun(run, 5), from: ['running'], to: 'paused' },
  cancel: {
    apply: (run) => cancelRun(run, 5),
    from: ['queued', 'running', 'paused', 'interrupted', 'failed'],
    to: 'cancelled',
  },
};

describe('run transitions', () => {
  for (const [name, { apply, from, to }] of Object.entries(TRANSITIONS)) {
    for (const state of RUN_STATES) {
      if (from.includes(state)) {
        test(`${name} leads from ${state} to ${to}`, () => assert.equal(apply(EXAMPLES[state]).state, to));
      } else {
        test(`${name} is refused for a ${state} run`, () => {
          assert.throws(
            () => apply(EXAMPLES[state]),
            (e: unknown) => e instanceof AppError && e.code === 'usage',
          );
        });
      }
    }
  }

  test('progress survives an interruption and the start after it', () => {
    const stopped = interruptRun(EXAMPLES.running, 5, 'stopped');
    assert.deepEqual(startRun(stopped, 9), { state: 'running', startedAt: 9, progress: PROGRESS });
  });

  test('transitions leave their argument as it was', () => {
    const run: RunState = Object.freeze({ ...EXAMPLES.running } as RunState);
    advanceRun(run, { ...PROGRESS, done: 4 });
    assert.deepEqual(run, EXAMPLES.running);
  });

  test('runs without an end that nobody works on are resumable', () => {
    assert.deepEqual(
      RUN_STATES.filter((state) => isResumable(EXAMPLES[state])),
      ['queued', 'paused', 'interrupted', 'failed'],
    );
  });
});
