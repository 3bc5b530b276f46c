// Crops a rectangle of a picture as float planes and writes planes back into code values.

import { invariant } from '../base/errors.ts';
import type { Planes, Raster, Rect } from './raster.ts';
import { maxValue, planes } from './raster.ts';
import type { Kernel } from './resample.ts';
import { makeTaps, resampleChannel } from './resample.ts';

export interface CropOptions {
  /** Code value that stands for 1.0; default 255 or 65535. 12 bit cameras in 16 bit files: see whiteLevel. */
  readonly white?: number;
  /** Default 'triangle'. */
  readonly kernel?: Kernel;
}

/** Channel of the raster that feeds R, G, B: grey is replicated, alpha is left out. */
export function colourChannel(raster: Raster, rgb: number): number {
  return raster.channels >= 3 ? rgb : 0;
}

/** Number of colour channels of the raster itself: 1 (grey) or 3; alpha is not counted. */
export function colourCount(raster: Raster): 1 | 3 {
  return raster.channels >= 3 ? 3 : 1;
}

/**
 * Window of a picture as planes [3,height,width], 0..1. The rectangle is in native px, may be fractional and may
 * reach over the border, where the picture is mirrored; width and height default to the rectangle's own size.
 */
export function cropToPlanes(
  raster: Raster,
  rect: Rect,
  width = Math.round(rect.width),
  height = Math.round(rect.height),
  options: CropOptions = {},
): Planes {
  invariant(rect.width > 0 && rect.height > 0 && width > 0 && height > 0, 'empty window');
  const out = planes(3, width, height);
  const kernel = options.kernel ?? 'triangle';
  const tapsX = makeTaps(raster.width, rect.x, rect.width, width, kernel);
  const tapsY = makeTaps(raster.height, rect.y, rect.height, height, kernel);
  const gain = 1 / whiteOf(raster, options.white);
  const area = width * height;
  const colours = colourCount(raster);
  for (let c = 0; c < colours; c++) {
    const channel = {
      data: raster.data,
      offset: c,
      step: raster.channels,
      rowStride: raster.width * raster.channels,
    };
    resampleChannel(channel, tapsX, tapsY, out.data, c * area, gain);
  }
  if (colours === 1) {
    out.data.copyWithin(area, 0, area);
    out.data.copyWithin(2 * area, 0, area);
  }
  return out;
}

/**
 * Code value that should count as white for pictures of one camera: 255 for 8 bit; for 16 bit the smallest
 * 2^k - 1 (k = 8..16) that no picture exceeds, so 10, 12 and 14 bit data stored in 16 bit files is not black.
 */
export function whiteLevel(rasters: readonly Raster[]): number {
  let deep = false;
  let max = 255;
  for (const raster of rasters) {
    if (!(raster.data instanceof Uint16Array)) continue;
    deep = true;
    for (const v of raster.data) if (v > max) max = v;
  }
  return deep ? 2 ** Math.ceil(Math.log2(max + 1)) - 1 : 255;
}

/** Code value of 1.0 of one picture: `white` is that of the camera's 16 bit pictures; 8 bit ones always end at 255. */
export function whiteOf(raster: Raster, white?: number): number {
  return raster.data instanceof Uint16Array ? (white ?? maxValue(raster)) : 255;
}

/** Copy of a raster whose code values can be changed without touching the original. */
export function copyRaster(raster: Raster): Raster {
  return {
    width: raster.width,
    height: raster.height,
    channels: raster.channels,
    data: raster.data.slice(),
  };
}

/** Rounds and clamps a float in units of `white` to a code value of the raster. */
export function toCode(raster: Raster, value: number, white: number): number {
  return Math.min(maxValue(raster), Math.max(0, Math.round(value * white)));
}

/** Planes as an 8 bit RGB raster (contact sheets, tests); needs 3 channels. */
export function planesToRaster(src: Planes): Raster {
  invariant(src.channels === 3, 'needs 3 channels');
  const area = src.width * src.height;
  const data = new Uint8Array(area * 3);
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) {
      data[i * 3 + c] = Math.min(255, Math.max(0, Math.round(src.data[c * area + i] * 255)));
    }
  }
  return { width: src.width, height: src.height, channels: 3, data };
}
