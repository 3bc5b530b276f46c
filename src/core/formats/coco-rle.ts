// COCO run lengths of masks: column by column, starting with background; plain counts and the compressed string.

import { AppError } from '../base/errors.ts';
import type { Mask } from '../image/raster.ts';

/** Uncompressed form; `size` is [height, width]. */
export interface CocoRle {
  readonly size: readonly [number, number];
  readonly counts: readonly number[] | string;
}

const HINT = 'The annotation file is damaged, or was written for another picture.';

function bad(message: string): AppError {
  return new AppError('bad-mask', message, { hint: HINT });
}

/** Run lengths of a mask, background first (0 where the first pixel is set). */
export function maskToCounts(mask: Mask): number[] {
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let x = 0; x < mask.width; x++) {
    for (let y = 0; y < mask.height; y++) {
      const v = mask.data[y * mask.width + x] === 0 ? 0 : 1;
      if (v !== value) {
        counts.push(run);
        run = 0;
        value = v;
      }
      run++;
    }
  }
  counts.push(run);
  return counts;
}

/** The mask of run lengths, which must cover exactly `width * height` pixels; checked before allocating. */
export function countsToMask(counts: readonly number[], width: number, height: number): Mask {
  if (!Number.isSafeInteger(width * height) || width < 1 || height < 1)
    throw bad(`a run-length mask of ${width}x${height} pixels`);
  let total = 0;
  for (const run of counts) {
    if (!Number.isInteger(run) || run < 0) throw bad(`run length ${run} is not a whole number of pixels`);
    total += run;
  }
  if (total !== width * height) throw bad(`run lengths cover ${total} pixels of ${width * height}`);
  const data = new Uint8Array(width * height);
  let at = 0;
  for (const [i, run] of counts.entries()) {
    if (i % 2 === 1) {
      for (let k = at; k < at + run; k++) data[(k % height) * width + Math.floor(k / height)] = 1;
    }
    at += run;
  }
  return { width, height, data };
}

/** Compressed string as in pycocotools: from the third run on the difference to the run two before, 5 bits a letter. */
export function compressCounts(counts: readonly number[]): string {
  let out = '';
  for (let i = 0; i < counts.length; i++) {
    let x = i > 2 ? counts[i] - counts[i - 2] : counts[i];
    for (;;) {
      let letter = x & 0x1f;
      x >>= 5;
      const more = letter & 0x10 ? x !== -1 : x !== 0;
      if (more) letter |= 0x20;
      out += String.fromCharCode(letter + 48);
      if (!more) break;
    }
  }
  return out;
}

/** Reverses `compressCounts`; letters outside the alphabet and strings that end inside a number are refused. */
export function decompressCounts(text: string): number[] {
  const counts: number[] = [];
  let at = 0;
  while (at < text.length) {
    let x = 0;
    let shift = 0;
    for (;;) {
      if (at >= text.length) throw bad('the compressed run lengths end inside a number');
      const letter = text.charCodeAt(at++) - 48;
      if (letter < 0 || letter > 63)
        throw bad(`"${text[at - 1]}" does not belong into compressed run lengths`);
      if (shift > 30) throw bad('a compressed run length is too large');
      x |= (letter & 0x1f) << shift;
      shift += 5;
      if ((letter & 0x20) !== 0) continue;
      if ((letter & 0x10) !== 0 && shift < 32) x |= -1 << shift;
      break;
    }
    if (counts.length > 2) x += counts[counts.length - 2];
    counts.push(x);
  }
  return counts;
}

/** Compressed RLE of a mask. */
export function maskToRle(mask: Mask): { size: [number, number]; counts: string } {
  return { size: [mask.height, mask.width], counts: compressCounts(maskToCounts(mask)) };
}

/** Decodes either form; the size must be the picture's. */
export function rleToMask(rle: CocoRle, expect: { width: number; height: number }): Mask {
  const [height, width] = rle.size;
  if (height !== expect.height || width !== expect.width) {
    throw bad(`run lengths are for ${width}x${height}, the picture is ${expect.width}x${expect.height}`);
  }
  const counts = typeof rle.counts === 'string' ? decompressCounts(rle.counts) : rle.counts;
  return countsToMask(counts, width, height);
}
