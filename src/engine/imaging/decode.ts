// Decodes a picture to its stored code values after EXIF orientation: the reference pixels of everything else.

import { AppError } from '../../core/base/errors.ts';
import { decodeBmp, readBmpHeader } from '../../core/formats/bmp.ts';
import { jpegIsComplete } from '../../core/formats/jpeg-markers.ts';
import type { PictureFormat } from '../../core/formats/picture-kind.ts';
import { extensionDisagrees, KIND_HEAD_BYTES, pictureKind } from '../../core/formats/picture-kind.ts';
import { pngOutline, withoutCompressedText } from '../../core/formats/png-chunks.ts';
import { decodePackedTiff, readPackedTiff } from '../../core/formats/tiff-packed.ts';
import type { Raster } from '../../core/image/raster.ts';
import { cutOff, refusePicture } from './decode-errors.ts';
import type { ImageLimits } from './limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { readBounded, sha256Hex } from './read-file.ts';
import type { Pixels } from './sharp-decode.ts';
import { decodeWithSharp } from './sharp-decode.ts';

/** A decoded picture and what has to travel with it. */
export interface DecodedPicture {
  readonly raster: Raster;
  /** ICC profile to write beside the pixels again; null where there is none or it no longer applies (CMYK). */
  readonly icc: Uint8Array | null;
  readonly format: PictureFormat;
  /** Bits per sample in memory. Pictures of 1 to 7 bits are spread over 0..255 as their format says. */
  readonly bitDepth: 8 | 16;
  /** The file turns its pixels by EXIF; `raster` is already turned. */
  readonly turned: boolean;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly bytes: number;
  /** Remarks a person should see. */
  readonly notes: readonly string[];
}

export interface DecodeOptions {
  /** Name for messages; the path by default. */
  readonly name?: string;
  readonly limits?: Partial<ImageLimits>;
  /** Size the picture must have as shown; checked from the header before decoding (masks). */
  readonly expect?: { readonly width: number; readonly height: number };
}

/**
 * Decodes a file or its bytes. No colour management: equal code values mean equal pixels. Grey stays one channel,
 * alpha is kept as a channel (2 or 4), palettes become RGB(A), CMYK becomes RGB by the plain formula, the first page
 * of a TIFF is taken. Anything damaged, cut off, animated, too large or not a picture is an AppError `bad-image`.
 */
export async function decodePicture(
  input: string | Uint8Array,
  options: DecodeOptions = {},
): Promise<DecodedPicture> {
  const limits: ImageLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const name = options.name ?? (typeof input === 'string' ? input : 'picture');
  const bytes = typeof input === 'string' ? await readBounded(input, limits.maxBytes, name) : input;
  const kind = pictureKind(bytes.subarray(0, KIND_HEAD_BYTES));
  if (kind.kind === 'refused') throw refusePicture(name, `a ${kind.name}, which is not taken`, kind.hint);
  if (kind.kind === 'unknown') {
    const what =
      bytes.length === 0
        ? 'empty (0 bytes)'
        : kind.text
          ? 'text, not a picture'
          : 'not a picture in a known format';
    throw refusePicture(name, what, 'PNG, JPEG, TIFF, BMP and WebP are taken.');
  }
  const { format } = kind;
  const notes: string[] = [];
  if (extensionDisagrees(name, format)) notes.push(`is a ${format.toUpperCase()} whatever its name says`);
  const common = { format, sha256: sha256Hex(bytes), bytes: bytes.length, notes };
  const check = (width: number, height: number): void =>
    checkSize(name, width, height, bytes.length, limits, options.expect);
  if (format === 'bmp') return { ...common, ...decodeBitmap(bytes, name, check, notes) };
  const packed = format === 'tiff' ? decodePacked(bytes, name, check) : null;
  if (packed !== null) return { ...common, ...packed };
  const pixels = format === 'png' ? checkedPng(bytes, name, notes) : bytes;
  if (format === 'jpeg' && !jpegIsComplete(bytes)) throw cutOff(name);
  return { ...common, ...(await decodeWithSharp(pixels, { name, limits, checkSize: check }, notes)) };
}

function decodeBitmap(
  bytes: Uint8Array,
  name: string,
  check: (w: number, h: number) => void,
  notes: string[],
): Pixels {
  try {
    const header = readBmpHeader(bytes);
    check(header.width, header.height);
    if (header.topDown)
      notes.push('stores its rows from top to bottom, which some programs show upside down');
    return { raster: decodeBmp(bytes), icc: null, bitDepth: 8, turned: false };
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.details.file !== undefined) throw cause;
    throw refusePicture(name, `damaged or not supported (${cause.message})`, cause.details.hint ?? '', cause);
  }
}

/** A TIFF of 10, 12 or 14 bits per sample, or null for other kinds. */
function decodePacked(bytes: Uint8Array, name: string, check: (w: number, h: number) => void): Pixels | null {
  try {
    const tiff = readPackedTiff(bytes);
    if (tiff === null) return null;
    check(tiff.width, tiff.height);
    return { raster: decodePackedTiff(bytes, tiff), icc: null, bitDepth: 16, turned: false };
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.details.file !== undefined) throw cause;
    throw refusePicture(name, `damaged (${cause.message})`, cause.details.hint ?? '', cause);
  }
}

/** What the chunk list says before libpng sees the file; returns the bytes that libpng may see. */
function checkedPng(bytes: Uint8Array, name: string, notes: string[]): Uint8Array {
  const outline = pngOutline(bytes);
  if (outline.animated)
    throw refusePicture(name, 'an animated PNG', 'Save the frame you need as a plain PNG.');
  if (outline.trailing > 0)
    notes.push(`has ${outline.trailing} foreign bytes after its end, which are ignored`);
  if (outline.compressedText === 0) return bytes;
  notes.push(`carries ${outline.compressedText} bytes of compressed text, which are ignored`);
  return withoutCompressedText(bytes);
}

function checkSize(
  name: string,
  width: number,
  height: number,
  bytes: number,
  limits: ImageLimits,
  expect: DecodeOptions['expect'],
): void {
  const pixels = width * height;
  if (expect !== undefined) {
    if (width === expect.width && height === expect.height) return;
    throw new AppError(
      'bad-mask',
      `${name} is ${width}x${height}, its picture is ${expect.width}x${expect.height}.`,
      {
        file: name,
        reason: 'size',
        hint: 'Draw the mask on the picture itself and save it at the same size; masks are never resized.',
      },
    );
  }
  if (pixels > limits.maxPixels) {
    const most = Math.round(limits.maxPixels / 1e6);
    throw refusePicture(
      name,
      `${width}x${height} pixels large; the limit is ${most} megapixels`,
      'Cut it into parts.',
    );
  }
  if (pixels > limits.ratioFromPixels && pixels / bytes > limits.maxPixelsPerByte) {
    throw refusePicture(
      name,
      `${width}x${height} pixels packed into ${bytes} bytes, which no photo is`,
      'Open it in an image program and save it again if it is genuine.',
    );
  }
}
