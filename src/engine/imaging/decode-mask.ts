// Decodes a mask file to 0/1 and says when it is none: wrong size, empty, or a photo.

import { AppError } from '../../core/base/errors.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import type { DecodeOptions } from './decode.ts';
import { decodePicture } from './decode.ts';

export interface DecodedMask {
  readonly mask: Mask;
  readonly areaPx: number;
  readonly notes: readonly string[];
}

/** Values up to this are class numbers (0, 1, 2 ...), not brightness. */
const LARGEST_CLASS_NUMBER = 15;
/** A mask may have soft edges, but at most this share of pixels between 10 and 90 % of its maximum. */
const LARGEST_SOFT_SHARE = 0.1;

/**
 * 0 is background. Where the largest value is at most 15, the values are class numbers and any non-zero pixel is
 * defect; otherwise pixels of at least half the largest value are (128 of 255). Of several colour channels the
 * brightest counts; transparent pixels are background; a picture of one colour whose alpha varies is its alpha.
 * `AppError('bad-mask')` with `details.reason` 'size' | 'empty' | 'not-a-mask'; damaged files are `bad-image`.
 */
export async function decodeMask(
  input: string | Uint8Array,
  expect: { width: number; height: number } | undefined,
  options: Pick<DecodeOptions, 'name' | 'limits'> = {},
): Promise<DecodedMask> {
  const name = options.name ?? (typeof input === 'string' ? input : 'mask');
  const picture = await decodePicture(input, { ...options, expect });
  const notes = [...picture.notes];
  const values = maskValues(picture.raster, notes);
  const threshold = findThreshold(values, name, notes);
  const { width, height } = picture.raster;
  const data = new Uint8Array(width * height);
  let areaPx = 0;
  for (let i = 0; i < data.length; i++) {
    if (values[i] >= threshold) {
      data[i] = 1;
      areaPx++;
    }
  }
  if (areaPx === data.length) notes.push('every pixel is marked as defect; check that this is meant');
  else if (areaPx > data.length / 2)
    notes.push('more than half of the picture is marked as defect; is the mask inverted?');
  return { mask: { width, height, data }, areaPx, notes };
}

/** One value per pixel. */
function maskValues(raster: Raster, notes: string[]): Uint8Array | Uint16Array {
  const { channels, data } = raster;
  const colours = channels >= 3 ? 3 : 1;
  if (channels === 1) return data;
  const pixels = raster.width * raster.height;
  const values = data instanceof Uint16Array ? new Uint16Array(pixels) : new Uint8Array(pixels);
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : -1;
  const alphaVaries = alphaAt >= 0 && varies(data, channels, alphaAt);
  const colourVaries = Array.from({ length: colours }, (_, c) => c).some((c) => varies(data, channels, c));
  const fromAlpha = alphaVaries && !colourVaries;
  if (fromAlpha) notes.push('one colour only: its transparency was read as the mask');
  const halfAlpha = data instanceof Uint16Array ? 32768 : 128;
  for (let i = 0; i < pixels; i++) {
    const at = i * channels;
    if (fromAlpha) values[i] = data[at + alphaAt];
    else if (alphaVaries && data[at + alphaAt] < halfAlpha) values[i] = 0;
    else for (let c = 0; c < colours; c++) values[i] = Math.max(values[i], data[at + c]);
  }
  return values;
}

function varies(data: Uint8Array | Uint16Array, channels: number, channel: number): boolean {
  for (let i = channel; i < data.length; i += channels) if (data[i] !== data[channel]) return true;
  return false;
}

/** Smallest value that counts as defect. */
function findThreshold(values: Uint8Array | Uint16Array, name: string, notes: string[]): number {
  let max = 0;
  for (const v of values) if (v > max) max = v;
  if (max === 0) {
    throw new AppError('bad-mask', `${name} marks no pixel as defect.`, {
      file: name,
      reason: 'empty',
      hint: 'Paint the defect white on black, or put the picture into a folder named "good" if it has none.',
    });
  }
  if (max <= LARGEST_CLASS_NUMBER) {
    notes.push(`has the values 0..${max} instead of 0 and 255; every non-zero pixel counts as defect`);
    return 1;
  }
  let between = 0;
  let soft = 0;
  for (const v of values) {
    if (v === 0 || v === max) continue;
    between++;
    if (v > 0.1 * max && v < 0.9 * max) soft++;
  }
  if (soft > LARGEST_SOFT_SHARE * values.length) {
    throw new AppError(
      'bad-mask',
      `${name} does not look like a mask: ${Math.round((100 * soft) / values.length)} % of it is grey.`,
      {
        file: name,
        reason: 'not-a-mask',
        hint: 'A mask is white where the defect is and black elsewhere; check whether picture and mask were swapped.',
      },
    );
  }
  const threshold = Math.ceil(max / 2);
  if (between > 0)
    notes.push(`has grey values (saved as JPEG, or soft edges); ${threshold} and above count as defect`);
  return threshold;
}
