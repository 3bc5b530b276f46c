// Rendered windows on disk: fixed-size records, so any batch is a few reads and a killed render goes on.

import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { invariant } from '../../../core/base/errors.ts';
import type { RenderedSample } from '../../../core/render/sample.ts';
import { defectPrompt, normalPrompt } from '../../../core/render/words.ts';

export const SIDE = 128;
const PICTURE = 3 * SIDE * SIDE;
const MASK = SIDE * SIDE;
const PROMPTS = 16;
const RECORD = 2 * PICTURE + MASK + PROMPTS;

/** One window pair in 8 bits: pictures [3,128,128] 0..255, mask [128,128] 0/1, prompts of 8 ids each. */
export interface StoredSample {
  readonly normal: Uint8Array;
  readonly defect: Uint8Array;
  readonly mask: Uint8Array;
  readonly defectPrompt: readonly number[];
  readonly normalPrompt: readonly number[];
}

function toBytes(picture: Float32Array, out: Uint8Array): void {
  for (let i = 0; i < picture.length; i++) out[i] = Math.round(Math.min(1, Math.max(0, picture[i])) * 255);
}

function encode(sample: RenderedSample): Uint8Array {
  const record = new Uint8Array(RECORD);
  toBytes(sample.normal, record.subarray(0, PICTURE));
  toBytes(sample.defect, record.subarray(PICTURE, 2 * PICTURE));
  record.set(sample.mask, 2 * PICTURE);
  record.set([...defectPrompt(sample.words), ...normalPrompt(sample.words.surface)], 2 * PICTURE + MASK);
  return record;
}

export class SampleFile {
  readonly #fd: number;

  constructor(file: string) {
    this.#fd = openSync(file, existsSync(file) ? 'r+' : 'w+');
    ftruncateSync(this.#fd, this.count * RECORD);
  }

  /** Whole records in the file. */
  get count(): number {
    return Math.floor(fstatSync(this.#fd).size / RECORD);
  }

  append(sample: RenderedSample): void {
    writeSync(this.#fd, encode(sample), 0, RECORD, this.count * RECORD);
  }

  read(index: number): StoredSample {
    const record = new Uint8Array(RECORD);
    const read = readSync(this.#fd, record, 0, RECORD, index * RECORD);
    invariant(read === RECORD, `there is no sample ${index}`);
    const prompts = [...record.subarray(2 * PICTURE + MASK)];
    return {
      normal: record.subarray(0, PICTURE),
      defect: record.subarray(PICTURE, 2 * PICTURE),
      mask: record.subarray(2 * PICTURE, 2 * PICTURE + MASK),
      defectPrompt: prompts.slice(0, 8),
      normalPrompt: prompts.slice(8),
    };
  }

  close(): void {
    closeSync(this.#fd);
  }
}
