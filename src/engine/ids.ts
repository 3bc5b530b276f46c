// New ids and the time: what the engine takes from the outside world, in one replaceable object.

import { monotonicFactory } from 'ulid';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** A ULID; later ones sort after earlier ones. Pictures, runs and all else share one space. */
  newId(): string;
}

/** The real time and fresh ids. */
export function systemClock(): Clock {
  const next = monotonicFactory();
  return { now: () => Date.now(), newId: () => next() };
}
