// Progress of an export: its phases one after the other, with how much was written and how fast.

import type { Clock } from '../ids.ts';
import type { ExportProgress } from '../services.ts';
import type { Call } from './call.ts';
import { progressOf } from './progress.ts';

/** The rate is that of the last few seconds. */
const WINDOW_MS = 5000;

export function exportProgress(call: Call, clock: Clock) {
  const report = {
    write: progressOf(call, clock, 'write'),
    check: progressOf(call, clock, 'check'),
    read: progressOf(call, clock, 'read'),
  };
  const rate = new Rate();
  let last = { done: 0, total: 0 };
  return {
    onProgress(done: number, total: number, { phase, bytes }: ExportProgress): void {
      last = { done, total };
      const perSecond = rate.after(phase, bytes, clock.now());
      const note = [bytes > 0 && megabytes(bytes), perSecond !== null && `${megabytes(perSecond)}/s`];
      report[phase](done, total, note.filter(Boolean).join(' · ') || undefined);
    },
    /** Said when the export is held. */
    held(): void {
      rate.reset();
      call.emit({ event: 'progress', phase: 'paused', ...last, etaSeconds: null, note: null });
    },
  };
}

class Rate {
  #phase = '';
  #samples: { at: number; bytes: number }[] = [];

  /** Bytes a second; null while there is nothing to tell from. */
  after(phase: string, bytes: number, now: number): number | null {
    if (phase !== this.#phase) this.reset();
    this.#phase = phase;
    this.#samples.push({ at: now, bytes });
    while (this.#samples.length > 2 && this.#samples[1].at <= now - WINDOW_MS) this.#samples.shift();
    const [first] = this.#samples;
    const elapsed = now - first.at;
    return elapsed < 300 || bytes <= first.bytes ? null : ((bytes - first.bytes) * 1000) / elapsed;
  }

  reset(): void {
    this.#samples = [];
  }
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
