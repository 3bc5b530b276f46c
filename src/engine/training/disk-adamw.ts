// AdamW whose moments lie in a file: the same numbers as in memory, for networks whose moments do not fit there.

import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { type AdamWOptions, type Arrays, adamwOptions } from '../../core/autodiff/adamw.ts';
import { adamw, sumGradients } from '../../core/autodiff/kernel/parameter-kernel.ts';
import { invariant } from '../../core/base/errors.ts';
import { translateFsError } from '../blobs/fs-error.ts';

/** Numbers read and written at once. */
const BLOCK = 1 << 20;
const FLOAT_BYTES = 4;

export class DiskAdamW {
  steps = 0;
  readonly #parameters: Arrays;
  readonly #options: Required<AdamWOptions>;
  readonly #path: string;
  readonly #file: number;
  /** First number of each parameter; its moments follow one another there, first before second. */
  readonly #starts = new Map<string, number>();
  readonly #first = new Float32Array(BLOCK);
  readonly #second = new Float32Array(BLOCK);

  /** `path` is a scratch file: it is made new, with all moments zero (a file with holes where the disk knows them). */
  constructor(path: string, parameters: Arrays, options: AdamWOptions = {}) {
    this.#parameters = parameters;
    this.#options = adamwOptions(options);
    let at = 0;
    for (const [name, { length }] of Object.entries(parameters)) {
      this.#starts.set(name, at);
      at += 2 * length;
    }
    this.#path = path;
    this.#file = this.#disk(() => openSync(path, 'w+'));
    this.#disk(() => ftruncateSync(this.#file, FLOAT_BYTES * at));
  }

  /**
   * One update in place; a missing gradient counts as zero. `done(name)` is called once a parameter's gradient is
   * no longer needed. Returns the gradients' global norm before clipping.
   */
  step(gradients: Arrays, rates: (name: string) => number, done: (name: string) => void = () => {}): number {
    const { betas, eps, weightDecay, maxNorm } = this.#options;
    const squares = Object.values(gradients).reduce((sum, g) => sum + sumGradients(g, []), 0);
    const norm = Math.sqrt(squares);
    invariant(Number.isFinite(norm), `the gradients' norm is ${norm}`);
    this.steps++;
    const c1 = 1 - betas[0] ** this.steps;
    const c2 = Math.sqrt(1 - betas[1] ** this.steps);
    for (const [name, weight] of Object.entries(this.#parameters)) {
      const lr = rates(name);
      const scale = Math.min(1, maxNorm / (norm + 1e-6));
      const keep = 1 - lr * weightDecay;
      const coefficients = { scale, betas, keep, rate: (lr / c1) * c2, floor: eps * c2 };
      const gradient = gradients[name];
      for (let from = 0; from < weight.length; from += BLOCK) {
        const part = weight.subarray(from, from + BLOCK);
        const [first, second] = [this.#first, this.#second].map((m) => m.subarray(0, part.length));
        const places = [first, second].map(
          (m, i) => [m, (this.#starts.get(name) as number) + i * weight.length + from] as const,
        );
        for (const [m, at] of places) this.#read(m, at);
        adamw({ weight: part, first, second }, gradient?.subarray(from, from + BLOCK), coefficients);
        for (const [m, at] of places) this.#write(m, at);
      }
      done(name);
    }
    return norm;
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(numbers: Float32Array, at: number): void {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const count = this.#disk(() => readSync(this.#file, bytes, 0, bytes.length, FLOAT_BYTES * at));
    invariant(count === bytes.length, `${count} of ${bytes.length} bytes of moments`);
  }

  #write(numbers: Float32Array, at: number): void {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const count = this.#disk(() => writeSync(this.#file, bytes, 0, bytes.length, FLOAT_BYTES * at));
    invariant(count === bytes.length, `${count} of ${bytes.length} bytes of moments written`);
  }

  #disk<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translateFsError(error, this.#path);
    }
  }
}
