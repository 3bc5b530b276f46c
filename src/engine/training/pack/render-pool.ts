// The rendered pool of the pack: shards of consecutive seeds, rendered in worker threads, read as one list.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RenderJob } from './render-worker.ts';
import { SampleFile, type StoredSample } from './sample-file.ts';

export const SHARD = 1000;

export class RenderPool {
  readonly #folder: string;
  readonly #firstSeed: number;
  readonly #open = new Map<number, SampleFile>();

  constructor(folder: string, firstSeed: number) {
    this.#folder = folder;
    this.#firstSeed = firstSeed;
    mkdirSync(folder, { recursive: true });
  }

  #file(shard: number): string {
    return join(this.#folder, `seeds-${this.#firstSeed + shard * SHARD}.bin`);
  }

  /** Whether the shard is there whole. */
  has(shard: number, count = SHARD): boolean {
    if (!existsSync(this.#file(shard))) return false;
    return this.#samples(shard).count >= count;
  }

  /** Renders one shard in a worker thread unless it is there. */
  async render(shard: number, count = SHARD): Promise<void> {
    if (this.has(shard, count)) return;
    this.#open.get(shard)?.close();
    this.#open.delete(shard);
    const job: RenderJob = { file: this.#file(shard), firstSeed: this.#firstSeed + shard * SHARD, count };
    const worker = new Worker(new URL('./render-worker.ts', import.meta.url), { workerData: job });
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`renderer exited with ${code}`)),
      );
    });
  }

  /** Sample `index` of the pool; its shard must be there. */
  read(index: number): StoredSample {
    return this.#samples(Math.floor(index / SHARD)).read(index % SHARD);
  }

  #samples(shard: number): SampleFile {
    const known = this.#open.get(shard);
    if (known) return known;
    const file = new SampleFile(this.#file(shard));
    this.#open.set(shard, file);
    return file;
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}
