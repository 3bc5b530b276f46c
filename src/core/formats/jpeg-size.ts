// Size of a JPEG out of its frame header.

import { AppError } from '../base/errors.ts';

/** Frame headers: C0 to CF without C4, C8 and CC, which are tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Throws `bad-image` where there is no frame header. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } {
  const word = (at: number): number => (bytes[at] << 8) | bytes[at + 1];
  for (let at = 2; at + 8 < bytes.length && bytes[at] === 0xff; at += 2 + word(at + 2)) {
    if (isFrame(bytes[at + 1])) return { height: word(at + 5), width: word(at + 7) };
  }
  throw new AppError('bad-image', 'this JPEG has no frame header');
}
