// Progress of work that is no run: with the time left, and not more events than anybody can look at.

import type { Clock } from '../ids.ts';
import { EtaEstimator } from '../runs/eta.ts';
import type { Call } from './call.ts';

const INTERVAL_MS = 100;

/** Gives a function to call after every item of a phase. */
export function progressOf(
  call: Call,
  clock: Clock,
  phase: string,
): (done: number, total: number, note?: string) => void {
  const eta = new EtaEstimator();
  let sentAt = Number.NEGATIVE_INFINITY;
  return (done, total, note) => {
    const now = clock.now();
    const etaSeconds = eta.secondsLeft(phase, done, total, now);
    if (done < total && now - sentAt < INTERVAL_MS) return;
    sentAt = now;
    call.emit({ event: 'progress', phase, done, total, etaSeconds, note: note ?? null });
  };
}
