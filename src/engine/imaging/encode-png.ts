// Writes PNG by our own hand: exactly the code values, depth and channels given, and the same bytes every time.

import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { invariant } from '../../core/base/errors.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';

const deflateAsync = promisify(deflate);
export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** PNG colour type by number of channels. */
const COLOUR_TYPE = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;
const INDEXED = 3;
const LEVEL = 6;

export interface PngOptions {
  /** ICC profile of the source, carried along; it never changes a pixel. */
  readonly icc?: Uint8Array | null;
  /** Colours of the values of one 8-bit channel, [256,3]. */
  readonly palette?: Uint8Array;
}

/** Encodes a raster with its depth (8 or 16) and channels (1..4). */
export async function encodePng(raster: Raster, options: PngOptions = {}): Promise<Uint8Array> {
  const { width, height, channels, data } = raster;
  invariant(
    data.length === width * height * channels,
    `raster holds ${data.length} values for ${width}x${height}x${channels}`,
  );
  const deep = data instanceof Uint16Array;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, deep ? 16 : 8);
  header.setUint8(9, options.palette ? INDEXED : COLOUR_TYPE[channels]);
  const chunks = [PNG_SIGNATURE, pngChunk('IHDR', new Uint8Array(header.buffer))];
  if (options.icc) {
    const profile = await deflateAsync(options.icc, { level: LEVEL });
    chunks.push(pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), profile])));
  }
  if (options.palette) chunks.push(pngChunk('PLTE', options.palette));
  const filtered = filterRows(deep ? bigEndian(data) : data, height, channels * (deep ? 2 : 1));
  chunks.push(pngChunk('IDAT', await deflateAsync(filtered, { level: LEVEL })));
  chunks.push(pngChunk('IEND', new Uint8Array(0)));
  return new Uint8Array(Buffer.concat(chunks));
}

/** Encodes one channel of numbers with the colours to show them in: [256,3], 0..255. */
export function encodeIndexPng(
  picture: { width: number; height: number; data: Uint8Array },
  palette: Uint8Array,
): Promise<Uint8Array> {
  return encodePng({ ...picture, channels: 1 }, { palette });
}

/** Encodes a mask as 8-bit grey, 0 and 255. */
export function encodeMaskPng(mask: Mask): Promise<Uint8Array> {
  const data = mask.data.map((v) => (v === 0 ? 0 : 255));
  return encodePng({ width: mask.width, height: mask.height, channels: 1, data });
}

export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  out.set(body, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

function bigEndian(data: Uint16Array): Uint8Array {
  const out = new Uint8Array(data.length * 2);
  for (let i = 0; i < data.length; i++) {
    out[2 * i] = data[i] >> 8;
    out[2 * i + 1] = data[i] & 255;
  }
  return out;
}

/** Per row the filter (none, sub, up, paeth) with the smallest sum of absolute differences, as the PNG book advises. */
function filterRows(data: Uint8Array, height: number, step: number): Uint8Array {
  const stride = data.length / height;
  const out = new Uint8Array((stride + 1) * height);
  const tries = [0, 1, 2, 4].map((type) => ({ type, row: new Uint8Array(stride), sum: 0 }));
  const zero = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride);
    const above = y === 0 ? zero : data.subarray((y - 1) * stride, y * stride);
    let best = tries[0];
    for (const candidate of tries) {
      candidate.sum = filterRow(candidate.type, row, above, step, candidate.row);
      if (candidate.sum < best.sum) best = candidate;
    }
    out[y * (stride + 1)] = best.type;
    out.set(best.row, y * (stride + 1) + 1);
  }
  return out;
}

function filterRow(type: number, row: Uint8Array, above: Uint8Array, step: number, out: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step];
    let predicted = 0;
    if (type === 1) predicted = left;
    else if (type === 2) predicted = above[i];
    else if (type === 4) predicted = paeth(left, above[i], i < step ? 0 : above[i - step]);
    const value = (row[i] - predicted) & 255;
    out[i] = value;
    sum += value < 128 ? value : 256 - value;
  }
  return sum;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const a = Math.abs(estimate - left);
  const b = Math.abs(estimate - up);
  const c = Math.abs(estimate - corner);
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
