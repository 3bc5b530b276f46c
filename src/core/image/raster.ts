// The one in-memory form of a picture: stored code values, interleaved, after EXIF orientation.

import { invariant } from '../base/errors.ts';

/** Decoded picture, layout [H,W,C] interleaved; 8 bit in Uint8Array (0..255), 9-16 bit in Uint16Array (0..65535). */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array | Uint16Array;
}

/** Binary mask, layout [H,W], values 0 or 1. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Float planes, layout [C,H,W]; pictures hold 0..1 (RGB), soft masks 0..1. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** Axis-aligned rectangle in native pixels; x, y may be negative for windows that reach over the border. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Empty planes of the given size. */
export function planes(channels: number, width: number, height: number): Planes {
  return { channels, width, height, data: new Float32Array(channels * width * height) };
}

/** Empty mask of the given size. */
export function emptyMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Largest code value of a raster: 255 or 65535. */
export function maxValue(raster: Raster): number {
  return raster.data instanceof Uint16Array ? 65535 : 255;
}

/** Number of set pixels. */
export function maskArea(mask: Mask): number {
  let area = 0;
  for (const v of mask.data) area += v;
  return area;
}

/** Tight bounding box of the set pixels, or null when the mask is empty. */
export function maskBounds(mask: Mask): Rect | null {
  let x0 = mask.width;
  let y0 = mask.height;
  let x1 = -1;
  let y1 = -1;
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      if (mask.data[y * mask.width + x] === 0) continue;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
  }
  return x1 < 0 ? null : { x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
}

/** Throws unless the mask has the picture's size. */
export function assertSameSize(
  a: { width: number; height: number },
  b: { width: number; height: number },
): void {
  invariant(
    a.width === b.width && a.height === b.height,
    `sizes differ: ${a.width}x${a.height} and ${b.width}x${b.height}`,
  );
}
