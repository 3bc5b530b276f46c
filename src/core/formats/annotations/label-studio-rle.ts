// Label Studio's brush format: a bit stream of runs over the picture's red, green, blue and alpha values in turn.

import { badShape } from './geometry.ts';

/**
 * Run lengths of the marked pixels (alpha not 0), row by row, background first.
 * Stream: 32 bits number of values, 5 bits word size - 1, four times 4 bits length size - 1; then blocks of 1 bit
 * (repeat or literal), 2 bits which length size, the length - 1, and one word or as many words as the length says.
 */
export function brushRuns(bytes: readonly unknown[], width: number, height: number): number[] {
  const bits = new BitReader(bytes);
  const total = bits.read(32);
  if (total !== width * height * 4) {
    throw badShape(`has brush strokes for ${total / 4} pixels, its picture has ${width * height}`);
  }
  const wordSize = bits.read(5) + 1;
  const lengthSizes = [0, 1, 2, 3].map(() => bits.read(4) + 1);
  const counts: number[] = [0];
  let marked = false;
  const push = (value: boolean, pixels: number): void => {
    if (pixels === 0) return;
    if (value !== marked) {
      counts.push(0);
      marked = value;
    }
    counts[counts.length - 1] += pixels;
  };
  for (let at = 0; at < total; ) {
    const repeat = bits.read(1) === 1;
    const length = bits.read(lengthSizes[bits.read(2)]) + 1;
    const end = at + length;
    if (end > total) throw badShape('has brush strokes that reach beyond the picture');
    if (repeat) {
      // The values at 3, 7, 11 ... are alpha: those in [at, end) number as many as end/4 has passed beyond at/4.
      push(bits.read(wordSize) > 0, Math.floor(end / 4) - Math.floor(at / 4));
    } else {
      for (let k = at; k < end; k++) {
        const value = bits.read(wordSize);
        if (k % 4 === 3) push(value > 0, 1);
      }
    }
    at = end;
  }
  return counts;
}

class BitReader {
  private readonly bytes: readonly unknown[];
  private at = 0;
  constructor(bytes: readonly unknown[]) {
    this.bytes = bytes;
  }

  /** The next `count` bits (at most 32) as an unsigned number, most significant first. */
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) throw badShape('has brush strokes that end early');
      if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < 0 || byte > 255) {
        throw badShape('has brush strokes that are not bytes');
      }
      const free = 8 - (this.at & 7);
      const take = Math.min(free, left);
      value = value * 2 ** take + ((byte >> (free - take)) & ((1 << take) - 1));
      this.at += take;
      left -= take;
    }
    return value;
  }
}
