// Small exact operations on decoded pixels: CMYK to RGB, comparing, 8-bit RGB for display.

import type { Mask, Raster } from '../../core/image/raster.ts';

/** R = (255-C)(255-K)/255 and so on, rounded: no profile, so that everybody gets the same numbers. */
export function cmykToRgb(raster: Raster): Raster {
  const pixels = raster.width * raster.height;
  const data = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - raster.data[4 * i + 3];
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round(((255 - raster.data[4 * i + c]) * light) / 255);
  }
  return { width: raster.width, height: raster.height, channels: 3, data };
}

/** Grey and alpha of an RGBA picture whose colours are equal. */
export function greyAndAlpha(raster: Raster): Raster {
  const data = new Uint8Array(raster.width * raster.height * 2);
  for (let i = 0; i < data.length; i += 2) {
    data[i] = raster.data[2 * i];
    data[i + 1] = raster.data[2 * i + 3];
  }
  return { width: raster.width, height: raster.height, channels: 2, data };
}

/** Number of pixels that differ in any channel; -1 where size, channels or depth differ. */
export function countDifferences(a: Raster, b: Raster): number {
  if (!sameShape(a, b)) return -1;
  let count = 0;
  const { channels } = a;
  for (let i = 0; i < a.data.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      if (a.data[i + c] !== b.data[i + c]) {
        count++;
        break;
      }
    }
  }
  return count;
}

/** Largest difference of a sample, in code values; -1 where size, channels or depth differ. */
export function largestDifference(a: Raster, b: Raster): number {
  if (!sameShape(a, b)) return -1;
  let largest = 0;
  for (let i = 0; i < a.data.length; i++) largest = Math.max(largest, Math.abs(a.data[i] - b.data[i]));
  return largest;
}

/** Same width, height, channels and sample depth. */
export function sameShape(a: Raster, b: Raster): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.channels === b.channels &&
    a.data instanceof Uint16Array === b.data instanceof Uint16Array
  );
}

/** 8-bit RGB for showing: grey is repeated, alpha dropped, 16-bit values divided by 257. */
export function toDisplayRgb(picture: Raster | Mask): Raster {
  const channels = 'channels' in picture ? picture.channels : 1;
  const scale = 'channels' in picture ? (picture.data instanceof Uint16Array ? 1 / 257 : 1) : 255;
  const colours = channels >= 3 ? 3 : 1;
  const pixels = picture.width * picture.height;
  const data = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) {
      const value = picture.data[i * channels + (colours === 3 ? c : 0)];
      data[3 * i + c] = Math.round(value * scale);
    }
  }
  return { width: picture.width, height: picture.height, channels: 3, data };
}
