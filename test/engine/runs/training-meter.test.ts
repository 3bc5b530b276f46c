// What is measured of a training: seconds per unit without the first, what is made once, phases one after the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunContext } from '../../../src/engine/runs/run-context.ts';
import { TrainingMeter } from '../../../src/engine/runs/training-meter.ts';
import { testClock } from '../support/test-clock.ts';

function quiet(heard: string[]): RunContext {
  return {
    runId: 'run',
    signal: new AbortController().signal,
    phase: (name) => void heard.push(name),
    progress: (done, total) => void heard.push(`${done}/${total}`),
    log() {},
    checkpoint: async () => {},
    lastCheckpoint: async () => null,
  };
}

test('units are timed between their reports, all else of a phase is fixed', () => {
  const clock = testClock();
  const heard: string[] = [];
  const meter = new TrainingMeter(clock);
  const context = meter.around(quiet(heard));
  context.phase('prepare');
  clock.advance(2000);
  for (const done of [8, 16]) {
    context.progress(done, 16);
    clock.advance(1000);
  }
  // A second count in the same phase begins anew.
  context.progress(8, 8);
  clock.advance(500);
  context.phase('learn');
  clock.advance(3000);
  for (let done = 1; done <= 5; done++) {
    context.progress(done, 5);
    clock.advance(100);
  }
  const { seconds, peakBytes, phases } = meter.measured();
  assert.equal(seconds, 2 + 2 + 0.5 + 3 + 0.5);
  assert.ok(peakBytes > 10e6);
  assert.deepEqual(phases, [
    { phase: 'prepare', units: 8, seconds: 1, fixed: 3.5 },
    { phase: 'learn', units: 4, seconds: 0.4, fixed: 3.1 },
  ]);
  assert.deepEqual(heard.slice(0, 3), ['prepare', '8/16', '16/16'], 'everything is passed on');
});
