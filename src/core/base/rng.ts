// Seeded random numbers by name: Philox4x32-10, so that resuming or reordering work never changes a draw.

import { invariant } from './errors.ts';
import { philoxBlock } from './philox.ts';
import { ZIGGURAT } from './ziggurat.ts';

/**
 * One stream of random numbers. Streams of the same seed and name give the same numbers whatever else
 * was drawn in between; `fork` depends on the stream's identity, never on its position.
 */
export interface Rng {
  /** Integer 0..2^32-1. */
  uint32(): number;
  /** [0,1), 53 bits. */
  uniform(): number;
  /** [lo,hi). */
  uniformIn(lo: number, hi: number): number;
  /** exp(U(ln lo, ln hi)); 0 < lo <= hi. */
  logUniform(lo: number, hi: number): number;
  /** Standard normal, float32 resolution. */
  normal(): number;
  /** Integer 0..n-1, unbiased; n in 1..2^32. */
  int(n: number): number;
  pick<T>(items: readonly T[]): T;
  /** True with probability p. */
  chance(p: number): boolean;
  /** A shuffled 0..n-1. */
  permutation(n: number): number[];
  /** Fills with standard normals, the same as calling `normal` for each element; returns the array. */
  fillNormal(out: Float32Array): Float32Array;
  /** Child stream: the stream that `namedRng(seed, name + '/' + child)` gives. */
  fork(name: string): Rng;
}

const TWO32 = 4294967296;

/**
 * FNV-1a, 64 bit (offset cbf29ce484222325, prime 100000001b3), over the UTF-16 code units of the name,
 * low byte then high byte. Returns [low, high] words.
 */
export function nameHash(name: string): [number, number] {
  let lo = 0x84222325;
  let hi = 0xcbf29ce4;
  for (let i = 0; i < 2 * name.length; i++) {
    const unit = name.charCodeAt(i >> 1);
    lo = (lo ^ ((i & 1) === 0 ? unit & 0xff : unit >>> 8)) >>> 0;
    // The prime is 2^40 + 1b3: the first part only shifts the low word into the high one.
    const product = lo * 0x1b3;
    hi = ((hi * 0x1b3 + Math.floor(product / TWO32) + (lo << 8)) % TWO32) >>> 0;
    lo = (product % TWO32) >>> 0;
  }
  return [lo, hi];
}

class PhiloxRng implements Rng {
  private readonly seed: bigint;
  private readonly name: string;
  private readonly id = new Uint32Array(4);
  private readonly block = new Uint32Array(4);
  private used = 4;
  private low = 0;
  private high = 0;

  constructor(seed: bigint, name: string) {
    this.seed = seed;
    this.name = name;
    const [h0, h1] = nameHash(name);
    philoxBlock(Number(seed & 0xffffffffn), Number(seed >> 32n), 0, 0, h0, h1, this.id);
  }

  private refill(): void {
    const { id } = this;
    philoxBlock(this.low, this.high, id[2], id[3], id[0], id[1], this.block);
    this.low = (this.low + 1) >>> 0;
    if (this.low === 0) this.high = (this.high + 1) >>> 0;
    this.used = 0;
  }

  uint32(): number {
    if (this.used === 4) this.refill();
    return this.block[this.used++];
  }

  uniform(): number {
    const a = this.uint32() >>> 5;
    const b = this.uint32() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  uniformIn(lo: number, hi: number): number {
    return lo + (hi - lo) * this.uniform();
  }

  logUniform(lo: number, hi: number): number {
    return lo * Math.exp(this.uniform() * Math.log(hi / lo));
  }

  normal(): number {
    const { x, k } = ZIGGURAT;
    for (;;) {
      const word = this.uint32();
      // Layer, sign and position use disjoint bits: shared ones correlate (Doornik 2005).
      const layer = word & 0xff;
      const position = word >>> 9;
      if (position < k[layer]) return position * x[word & 0x1ff];
      const value = this.outsideLayer(layer, position);
      if (value >= 0) return (word & 0x100) === 0 ? value : -value;
    }
  }

  /** The rare cases of the ziggurat: the tail (layer 0) and the wedges; -1 means draw again. */
  private outsideLayer(layer: number, position: number): number {
    const { x, y, r } = ZIGGURAT;
    if (layer === 0) {
      for (;;) {
        const a = -Math.log(1 - this.uniform()) / r;
        const b = -Math.log(1 - this.uniform());
        if (b + b > a * a) return Math.fround(r + a);
      }
    }
    const value = position * x[layer];
    const height = y[layer - 1] + this.uniform() * (y[layer] - y[layer - 1]);
    return height < Math.exp(-0.5 * value * value) ? value : -1;
  }

  int(n: number): number {
    invariant(Number.isInteger(n) && n >= 1 && n <= TWO32, `int(${n}): n must be 1..2^32`);
    const limit = TWO32 - (TWO32 % n);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % n;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)];
  }

  chance(p: number): boolean {
    return this.uniform() < p;
  }

  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  fillNormal(out: Float32Array): Float32Array {
    const { x, k } = ZIGGURAT;
    const { block } = this;
    let used = this.used;
    for (let i = 0; i < out.length; i++) {
      if (used === 4) {
        this.refill();
        used = 0;
      }
      const word = block[used] | 0;
      const layer = word & 0xff;
      const position = word >>> 9;
      if (position < k[layer]) {
        used++;
        out[i] = position * x[word & 0x1ff];
      } else {
        this.used = used;
        out[i] = this.normal();
        used = this.used;
      }
    }
    this.used = used;
    return out;
  }

  fork(name: string): Rng {
    return new PhiloxRng(this.seed, `${this.name}/${name}`);
  }
}

/**
 * The stream of a 64-bit seed (taken modulo 2^64) and a name.
 *
 * Identity: the block philox(counter = [seed low, seed high, 0, 0], key = FNV-1a of the name) gives four words;
 * words 0 and 1 are the stream's key, words 2 and 3 the upper half of its counter, the lower half counts blocks.
 * For one name this is a bijection of the seed, and streams do not overlap within 2^64 blocks.
 */
export function namedRng(seed: number | bigint, name: string): Rng {
  invariant(typeof seed === 'bigint' || Number.isSafeInteger(seed), `seed ${seed} is not an integer`);
  return new PhiloxRng(BigInt.asUintN(64, BigInt(seed)), name);
}
