// Estimates the time left in a phase from the rate of the last part of it.

interface Sample {
  at: number;
  done: number;
}

/** Only this much of the past counts, so that a slow start (first compilation) is forgotten. */
const WINDOW_MS = 30_000;

/** Remembers when how much was done; a new phase starts afresh. */
export class EtaEstimator {
  #phase = '';
  #samples: Sample[] = [];

  /** Seconds left, or null while there is nothing to estimate from. */
  secondsLeft(phase: string, done: number, total: number, now: number): number | null {
    if (phase !== this.#phase || done < (this.#samples.at(-1)?.done ?? 0)) {
      this.#phase = phase;
      this.#samples = [];
    }
    this.#samples.push({ at: now, done });
    while (this.#samples.length > 2 && this.#samples[1].at <= now - WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0];
    const advanced = done - first.done;
    const elapsedMs = now - first.at;
    if (advanced <= 0 || elapsedMs < 500 || total <= 0) return null;
    return Math.max(0, Math.round(((total - done) * elapsedMs) / advanced / 1000));
  }
}
