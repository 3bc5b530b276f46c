// TIFF with 10, 12 or 14 bits per sample packed without gaps, as area cameras write it: uncompressed grey or RGB strips.

import { AppError } from '../base/errors.ts';
import type { Raster } from '../image/raster.ts';

export interface PackedTiff {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bits: number;
  /** Zero is white, as some scanners write grey. */
  readonly inverted: boolean;
  readonly rowsPerStrip: number;
  readonly offsets: readonly number[];
}

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  offsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  planar: 284,
};
const MOST_TAGS = 200;
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

/** The layout of a packed TIFF, or null where it is another kind of TIFF (or none). */
export function readPackedTiff(bytes: Uint8Array): PackedTiff | null {
  if (bytes.length < 16) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tags = readTags(view, bytes[0] === 0x49);
  const one = (tag: number, fallback: number): number => tags?.get(tag)?.[0] ?? fallback;
  const bits = tags?.get(TAG.bits) ?? [1];
  const channels = one(TAG.samples, 1);
  const photometric = one(TAG.photometric, 1);
  const plain =
    tags !== null &&
    one(TAG.compression, 1) === 1 &&
    one(TAG.fillOrder, 1) === 1 &&
    one(TAG.orientation, 1) === 1 &&
    (channels === 1 || one(TAG.planar, 1) === 1);
  if (!plain || ![10, 12, 14].includes(bits[0]) || bits.some((b) => b !== bits[0])) return null;
  if (!(channels === 1 && photometric <= 1) && !(channels === 3 && photometric === 2)) return null;
  const [width, height] = [one(TAG.width, 0), one(TAG.height, 0)];
  const rowsPerStrip = Math.min(height, one(TAG.rowsPerStrip, height));
  const offsets = tags.get(TAG.offsets) ?? [];
  const layout = { width, height, channels, bits: bits[0], rowsPerStrip, offsets } as const;
  checkFits(layout, bytes.length);
  return { ...layout, channels, inverted: photometric === 0 };
}

/** Samples as stored (0 to 2^bits - 1), 16 bit. */
export function decodePackedTiff(bytes: Uint8Array, tiff: PackedTiff): Raster {
  const { width, height, channels, bits, rowsPerStrip, offsets } = tiff;
  const data = new Uint16Array(width * height * channels);
  const perRow = width * channels;
  const rowBytes = Math.ceil((perRow * bits) / 8);
  const largest = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    let at = offsets[Math.floor(y / rowsPerStrip)] + (y % rowsPerStrip) * rowBytes;
    let held = 0;
    let buffer = 0;
    for (let i = 0; i < perRow; i++) {
      while (held < bits) {
        buffer = ((buffer << 8) | bytes[at++]) & 0xffffff;
        held += 8;
      }
      held -= bits;
      const value = (buffer >> held) & largest;
      data[y * perRow + i] = tiff.inverted ? largest - value : value;
    }
  }
  return { width, height, channels, data };
}

/** Throws where the pixels are not all in the file, before anything is allocated. */
function checkFits(
  tiff: Omit<PackedTiff, 'inverted' | 'channels'> & { channels: number },
  size: number,
): void {
  const { width, height, channels, bits, rowsPerStrip, offsets } = tiff;
  const rowBytes = Math.ceil((width * channels * bits) / 8);
  const strips = Math.ceil(height / rowsPerStrip);
  const fits = offsets.every((offset, i) => {
    const rows = Math.min(rowsPerStrip, height - i * rowsPerStrip);
    return rows <= 0 || offset + rows * rowBytes <= size;
  });
  if (width > 0 && height > 0 && rowsPerStrip > 0 && offsets.length >= strips && fits) return;
  throw new AppError('bad-image', `the header says ${width}x${height} pixels, which the file does not hold`, {
    hint: 'Copy it again from the camera.',
  });
}

/** Whole-number tags of the first directory; null where there is none. */
function readTags(view: DataView, little: boolean): Map<number, readonly number[]> | null {
  const start = view.getUint32(4, little);
  if (start + 2 > view.byteLength) return null;
  const count = view.getUint16(start, little);
  if (count > MOST_TAGS || start + 2 + 12 * count > view.byteLength) return null;
  const tags = new Map<number, readonly number[]>();
  for (let i = 0; i < count; i++) {
    const at = start + 2 + 12 * i;
    const bytesEach = TYPE_BYTES[view.getUint16(at + 2, little)];
    const values = view.getUint32(at + 4, little);
    if (bytesEach === undefined || values === 0) continue;
    const from = bytesEach * values <= 4 ? at + 8 : view.getUint32(at + 8, little);
    if (from + bytesEach * values > view.byteLength) continue;
    const read = (k: number): number => {
      const place = from + k * bytesEach;
      if (bytesEach === 1) return view.getUint8(place);
      return bytesEach === 2 ? view.getUint16(place, little) : view.getUint32(place, little);
    };
    tags.set(
      view.getUint16(at, little),
      Array.from({ length: values }, (_, k) => read(k)),
    );
  }
  return tags;
}
