// A clock that stands still until it is moved, and ids that count up.

import type { Clock } from '../../../src/engine/ids.ts';

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = 1_750_000_000_000): TestClock {
  let time = start;
  let count = 0;
  return {
    now: () => time,
    newId: () => `01TEST${String(++count).padStart(20, '0')}`,
    advance(ms) {
      time += ms;
    },
  };
}
