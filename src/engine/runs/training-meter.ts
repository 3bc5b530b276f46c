// Measures a training while it works: seconds per phase and unit, and the memory of the process.

import type { PhaseTime } from '../../core/domain/training-forecast.ts';
import type { Clock } from '../ids.ts';
import type { RunContext } from './run-context.ts';

interface Phase {
  phase: string;
  begunAt: number;
  endedAt: number | null;
  units: number;
  /** Milliseconds the units took; the first of a count is left out, it pays for what is made once. */
  ms: number;
  last: { done: number; at: number } | null;
}

export interface Measured {
  seconds: number;
  /** Largest that was seen between steps; what a step borrowed is still held then. */
  peakBytes: number;
  phases: PhaseTime[];
}

export class TrainingMeter {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startedAt: number;
  readonly #phases: Phase[] = [];
  #peak = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** The context with every phase and progress measured; `onChange` is called after each. */
  around(context: RunContext, onChange: () => void = () => {}): RunContext {
    return {
      ...context,
      phase: (name) => {
        this.#begin(name);
        context.phase(name);
        onChange();
      },
      progress: (done, total, note) => {
        this.#advance(done);
        context.progress(done, total, note);
        onChange();
      },
    };
  }

  measured(): Measured {
    const now = this.#clock.now();
    const phases = this.#phases.map(({ phase, begunAt, endedAt, units, ms }) => ({
      phase,
      units,
      seconds: ms / 1000,
      fixed: Math.max(0, (endedAt ?? now) - begunAt - ms) / 1000,
    }));
    return { seconds: (now - this.#startedAt) / 1000, peakBytes: this.#peak, phases };
  }

  #begin(phase: string): void {
    const at = this.#clock.now();
    const before = this.#phases.at(-1);
    if (before !== undefined) before.endedAt ??= at;
    this.#phases.push({ phase, begunAt: at, endedAt: null, units: 0, ms: 0, last: null });
    this.#sample();
  }

  #advance(done: number): void {
    const phase = this.#phases.at(-1);
    if (phase === undefined) return;
    const at = this.#clock.now();
    if (phase.last !== null && done > phase.last.done) {
      phase.units += done - phase.last.done;
      phase.ms += at - phase.last.at;
    }
    phase.last = { done, at };
    this.#sample();
  }

  #sample(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }
}
