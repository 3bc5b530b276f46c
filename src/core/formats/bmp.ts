// Decodes uncompressed Windows bitmaps (1, 4, 8, 24 and 32 bit), which industrial cameras still write.

import { AppError } from '../base/errors.ts';
import type { Raster } from '../image/raster.ts';

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Rows run from top to bottom (negative height in the file). */
  readonly topDown: boolean;
  readonly bits: 1 | 4 | 8 | 24 | 32;
  readonly pixelOffset: number;
  /** Entries [B,G,R,_] of the palette; empty for 24 and 32 bit. */
  readonly palette: Uint8Array;
}

function bad(message: string, hint = 'Save it as an uncompressed 8- or 24-bit BMP, or as PNG.'): AppError {
  return new AppError('bad-image', message, { hint });
}

/** Reads and checks the header; nothing is allocated and the pixel data must really be there. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.length < 54) throw bad('the BMP header is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixelOffset = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  if (headerSize < 40) throw bad('an OS/2 bitmap, which is not supported');
  const width = view.getInt32(18, true);
  const rawHeight = view.getInt32(22, true);
  const height = Math.abs(rawHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (width <= 0 || height === 0) throw bad(`the header says ${width}x${rawHeight} pixels`);
  if (bits !== 1 && bits !== 4 && bits !== 8 && bits !== 24 && bits !== 32) {
    throw bad(`${bits} bits per pixel, which is not supported`);
  }
  if (compression !== 0) throw bad('a compressed or bit-field BMP, which is not supported');
  const stride = rowStride(width, bits);
  if (pixelOffset + stride * height > bytes.length) {
    throw bad(
      `the header says ${width}x${height} pixels, but the file has only ${bytes.length} bytes`,
      'The file is cut off or damaged. Copy it again from where it came from.',
    );
  }
  const used = view.getUint32(46, true) || 2 ** bits;
  const start = 14 + headerSize;
  const paletteEnd = start + 4 * Math.min(used, 256);
  if (bits <= 8 && paletteEnd > pixelOffset) throw bad('the palette runs into the pixels');
  const palette = bits <= 8 ? bytes.subarray(start, paletteEnd) : new Uint8Array(0);
  return { width, height, topDown: rawHeight < 0, bits, pixelOffset, palette };
}

/** Decodes to grey (where the palette is grey only) or RGB; the fourth byte of 32-bit files is padding. */
export function decodeBmp(bytes: Uint8Array): Raster {
  const header = readBmpHeader(bytes);
  return header.bits <= 8 ? decodeIndexed(bytes, header) : decodeDirect(bytes, header);
}

function rowStride(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}

function rowStart(header: BmpHeader, y: number): number {
  const row = header.topDown ? y : header.height - 1 - y;
  return header.pixelOffset + row * rowStride(header.width, header.bits);
}

function decodeDirect(bytes: Uint8Array, header: BmpHeader): Raster {
  const { width, height, bits } = header;
  const step = bits / 8;
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = rowStart(header, y);
    for (let x = 0; x < width; x++, from += step) {
      data[to++] = bytes[from + 2];
      data[to++] = bytes[from + 1];
      data[to++] = bytes[from];
    }
  }
  return { width, height, channels: 3, data };
}

function decodeIndexed(bytes: Uint8Array, header: BmpHeader): Raster {
  const { width, height, bits, palette } = header;
  const entries = palette.length / 4;
  let grey = true;
  for (let i = 0; i < entries; i++) {
    if (palette[4 * i] !== palette[4 * i + 1] || palette[4 * i] !== palette[4 * i + 2]) grey = false;
  }
  const channels = grey ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const start = rowStart(header, y);
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits * ((x % perByte) + 1);
      const index = (bytes[start + Math.floor(x / perByte)] >> shift) & mask;
      if (index >= entries) throw bad(`pixel ${x},${y} points outside the palette`);
      for (let c = 0; c < channels; c++) data[to++] = palette[4 * index + 2 - c];
    }
  }
  return { width, height, channels, data };
}
