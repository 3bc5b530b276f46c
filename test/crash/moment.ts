// When a process is killed: some time after its first write, or a little after one of its writes began.

import type { Rng } from '../../src/core/base/rng.ts';

export interface Moment {
  /** Milliseconds after its first write; null where a write decides. */
  readonly afterMs: number | null;
  /** Number of the write, from 1; null where time decides. */
  readonly write: number | null;
  readonly delayMicros: number;
}

/** What an undisturbed run took from its first to its last write. */
export interface Course {
  readonly ms: number;
  readonly writes: number;
}

/** Half of the moments are spread over the run's time, half over its writes, most of them within the write. */
export function drawMoment(rng: Rng, course: Course): Moment {
  if (rng.uniform() < 0.5) return { afterMs: rng.uniform() * course.ms, write: null, delayMicros: 0 };
  const delayMicros = Math.round(rng.uniform() ** 2 * 4000);
  return { afterMs: null, write: 1 + rng.int(course.writes), delayMicros };
}

/** Writes that had begun and not ended when the trace broke off, and how many there were. */
export function readTrace(text: string): { begun: number; open: string[]; ms: number } {
  const open = new Map<string, string>();
  let begun = 0;
  let ms = 0;
  for (const line of text.split('\n')) {
    const [kind, time, n, ...what] = line.split(' ');
    if (kind === 'E') ms = Number(time);
    if (kind === 'B') begun++;
    if (kind === 'E') open.delete(n);
    else if (n !== undefined) open.set(n, what.join(' '));
  }
  return { begun, open: [...open.values()], ms };
}
