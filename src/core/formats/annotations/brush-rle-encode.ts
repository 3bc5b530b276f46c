// Label Studio's brush run lengths: a bit stream over the RGBA values of the mask, row by row.

import type { Mask } from '../../image/raster.ts';

const WORD_BITS = 8;
/** Widths in bits that a run length may take; which one is said by 2 bits. */
const SIZES = [3, 4, 8, 16];
const LONGEST = 1 << 16;
const CHANNELS = 4;

/** Bytes of the stream: number of values (32 bits), widths, then runs of equal values. */
export function encodeBrushRle(mask: Mask): number[] {
  const bits = new BitWriter();
  bits.write(mask.data.length * CHANNELS, 32);
  bits.write(WORD_BITS - 1, 5);
  for (const size of SIZES) bits.write(size - 1, 4);
  for (let i = 0; i < mask.data.length; ) {
    let end = i + 1;
    while (end < mask.data.length && mask.data[end] === mask.data[i]) end++;
    for (let left = (end - i) * CHANNELS; left > 0; left -= LONGEST) {
      writeRun(bits, Math.min(left, LONGEST), mask.data[i] === 0 ? 0 : 255);
    }
    i = end;
  }
  return bits.bytes();
}

function writeRun(bits: BitWriter, length: number, value: number): void {
  const size = SIZES.findIndex((s) => length <= 2 ** s);
  bits.write(1, 1);
  bits.write(size, 2);
  bits.write(length - 1, SIZES[size]);
  bits.write(value, WORD_BITS);
}

/** Most significant bit first; the last byte is filled up with 0. */
class BitWriter {
  readonly #bytes: number[] = [];
  #open = 0;
  #used = 0;

  write(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#open = (this.#open << 1) | ((value >>> i) & 1);
      if (++this.#used === 8) this.#flush();
    }
  }

  bytes(): number[] {
    while (this.#used > 0) this.write(0, 1);
    return this.#bytes;
  }

  #flush(): void {
    this.#bytes.push(this.#open);
    this.#open = 0;
    this.#used = 0;
  }
}
