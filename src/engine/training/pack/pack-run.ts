// What every phase of pack training shares: seed, threads, folder, log, and giving way to foreground work.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PackRunOptions {
  readonly folder: string;
  readonly seed: number;
  readonly threads: number;
  /** A lock file of tests, bench or demo: while its process lives, training waits. */
  readonly foregroundLock: string;
  readonly signal: AbortSignal;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export class PackRun {
  readonly seed: number;
  readonly threads: number;
  readonly #options: PackRunOptions;
  #recent: number[] = [];
  #since = performance.now();
  #stepsSince = 0;

  constructor(options: PackRunOptions) {
    this.seed = options.seed;
    this.threads = options.threads;
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
  }

  path(name: string): string {
    return join(this.#options.folder, name);
  }

  /** Waits while foreground work runs; throws the signal's reason when told to stop. */
  async breathe(): Promise<void> {
    this.#options.signal.throwIfAborted();
    const lock = this.#options.foregroundLock;
    while (existsSync(lock) && alive(Number.parseInt(readFileSync(lock, 'utf8'), 10))) {
      await sleep(1000, undefined, { signal: this.#options.signal });
    }
  }

  /** Prints every 50th step with the mean loss since the last line, and keeps every line in log.ndjson. */
  report(phase: string, step: number, total: number, values: Readonly<Record<string, number>>): void {
    this.#recent.push(values.loss);
    this.#stepsSince++;
    if (step % 50 !== 0 && step !== total) return;
    const loss = this.#recent.reduce((a, v) => a + v, 0) / this.#recent.length;
    const seconds = (performance.now() - this.#since) / 1000 / this.#stepsSince;
    this.note({ phase, step, total, ...values, loss, secondsPerStep: seconds });
    this.#recent = [];
    this.#stepsSince = 0;
    this.#since = performance.now();
  }

  note(entry: Readonly<Record<string, unknown>>): void {
    const line = JSON.stringify(entry, (_k, v) => (typeof v === 'number' ? Number(v.toPrecision(5)) : v));
    process.stdout.write(`${line}\n`);
    appendFileSync(this.path('log.ndjson'), `${line}\n`);
  }
}
