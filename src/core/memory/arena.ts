// ONNX Runtime's arena (best fit with coalescing): how much of what it holds was ever written to.

import { invariant } from '../base/errors.ts';
import type { BufferEvent } from './buffers.ts';

const ALIGNMENT = 256;
/** A free chunk is split if it is twice as large as asked for, or larger by this. */
const MOST_DEAD = 128 * 2 ** 20;
const FIRST_REGION = 2 ** 20;

interface Chunk {
  readonly region: number;
  readonly offset: number;
  size: number;
  free: boolean;
  previous: Chunk | null;
  next: Chunk | null;
}

const rounded = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
/** Smallest first, then lowest. */
const before = (a: Chunk, b: Chunk) =>
  a.size !== b.size ? a.size - b.size : a.region !== b.region ? a.region - b.region : a.offset - b.offset;

export class Arena {
  readonly #free: Chunk[] = [];
  readonly #taken = new Map<number, Chunk>();
  /** Bytes of each region up to the last one ever used. */
  readonly #touched: number[] = [];
  #nextRegion = FIRST_REGION;

  /** Bytes of memory the process holds for this arena; never less than before. */
  get residentBytes(): number {
    return this.#touched.reduce((n, t) => n + t, 0);
  }

  take(id: number, bytes: number): void {
    const size = rounded(bytes);
    if (size === 0) return;
    let at = this.#free.findIndex((c) => c.size >= size);
    if (at < 0) {
      this.#extend(size);
      at = this.#free.findIndex((c) => c.size >= size);
    }
    const [chunk] = this.#free.splice(at, 1);
    if (chunk.size >= 2 * size || chunk.size - size >= MOST_DEAD) this.#split(chunk, size);
    chunk.free = false;
    this.#taken.set(id, chunk);
    this.#touched[chunk.region] = Math.max(this.#touched[chunk.region], chunk.offset + size);
  }

  give(id: number): void {
    let chunk = this.#taken.get(id);
    if (!chunk) return;
    this.#taken.delete(id);
    chunk.free = true;
    if (chunk.next?.free) this.#merge(chunk, this.#unlist(chunk.next));
    if (chunk.previous?.free) {
      const { previous } = chunk;
      this.#unlist(previous);
      this.#merge(previous, chunk);
      chunk = previous;
    }
    this.#list(chunk);
  }

  #extend(size: number): void {
    let grown = false;
    while (size > this.#nextRegion) {
      this.#nextRegion *= 2;
      grown = true;
    }
    const region = this.#touched.push(0) - 1;
    this.#list({ region, offset: 0, size: this.#nextRegion, free: true, previous: null, next: null });
    if (!grown) this.#nextRegion *= 2;
  }

  #split(chunk: Chunk, size: number): void {
    const rest: Chunk = {
      region: chunk.region,
      offset: chunk.offset + size,
      size: chunk.size - size,
      free: true,
      previous: chunk,
      next: chunk.next,
    };
    if (chunk.next) chunk.next.previous = rest;
    chunk.next = rest;
    chunk.size = size;
    this.#list(rest);
  }

  #merge(first: Chunk, second: Chunk): void {
    first.size += second.size;
    first.next = second.next;
    if (second.next) second.next.previous = first;
  }

  #list(chunk: Chunk): void {
    const at = this.#free.findIndex((c) => before(c, chunk) > 0);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, chunk);
  }

  #unlist(chunk: Chunk): Chunk {
    const at = this.#free.indexOf(chunk);
    invariant(at >= 0, 'a free chunk is listed');
    this.#free.splice(at, 1);
    return chunk;
  }
}

/** Resident bytes of an arena after runs of `events`; what a run leaves (its results) is given back after it. */
export function residentAfter(events: readonly BufferEvent[], runs = 2): number {
  const arena = new Arena();
  for (let run = 0; run < runs; run++) {
    const left = new Set<number>();
    for (const { id, bytes } of events) {
      if (bytes > 0) {
        arena.take(id, bytes);
        left.add(id);
      } else if (left.delete(id)) arena.give(id);
    }
    for (const id of left) arena.give(id);
  }
  return arena.residentBytes;
}
