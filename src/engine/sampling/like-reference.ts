// Drawn planes as a picture of the same kind as the good picture they started from.

import { maxValue, type Planes, planes, type Raster, type Rect } from '../../core/image/raster.ts';
import { colourCount, toCode, whiteOf } from '../../core/image/window-crop.ts';

/** Part of planes, whole pixels. */
export function cropPlanes(src: Planes, cut: Rect): Planes {
  const out = planes(src.channels, cut.width, cut.height);
  for (let c = 0; c < src.channels; c++)
    for (let y = 0; y < cut.height; y++) {
      const from = (c * src.height + cut.y + y) * src.width + cut.x;
      out.data.set(src.data.subarray(from, from + cut.width), (c * cut.height + y) * cut.width);
    }
  return out;
}

/** Planes as a raster of the reference's depth and channels: mono is the mean of the colours, alpha is full. */
export function asReference(src: Planes, like: Raster, white: number): Raster {
  const area = src.width * src.height;
  const colours = colourCount(like);
  const code = whiteOf(like, white);
  const data =
    like.data instanceof Uint16Array
      ? new Uint16Array(area * like.channels)
      : new Uint8Array(area * like.channels);
  const raster: Raster = { width: src.width, height: src.height, channels: like.channels, data };
  const at = (c: number, i: number) => src.data[c * area + i];
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < like.channels; c++) {
      const value = colours === 1 ? (at(0, i) + at(1, i) + at(2, i)) / 3 : at(c % 3, i);
      data[i * like.channels + c] = c < colours ? toCode(raster, value, code) : maxValue(raster);
    }
  }
  return raster;
}
