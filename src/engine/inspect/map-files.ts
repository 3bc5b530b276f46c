// Maps as files: 16-bit grey with one scale for all pictures of a model, and a heat picture to look at.

import type { Raster } from '../../core/image/raster.ts';
import { toDisplayRgb } from '../imaging/index.ts';

const TOP = 65_535;

/** What a tap can add: unit vectors and colours are at most 2 apart, squared; scaled differences are cut here. */
const MOST = { pixels: 4, unit: 4, scaled: 256 };

/** Map values of one code value. */
export const valuePerCode = (taps: number, difference: string): number =>
  (MOST[difference as keyof typeof MOST] * taps) / TOP;

/** [H,W] values as 16-bit grey; what is above the range is cut off. */
export function mapRaster(map: Float32Array, width: number, height: number, perCode: number): Raster {
  const data = Uint16Array.from(map, (v) => Math.min(TOP, Math.max(0, Math.round(v / perCode))));
  return { width, height, channels: 1, data };
}

/** Black to red to yellow to white. */
function heatColour(v: number): [number, number, number] {
  const at = (from: number) => Math.round(255 * Math.min(1, Math.max(0, 3 * v - from)));
  return [at(0), at(1), at(2)];
}

/** Share of the heat laid over the grey picture, at its hottest. */
const COVER = 0.75;

/** The picture in grey under its heat; the colours reach white at twice the threshold (or at the largest value). */
export function heatRaster(picture: Raster, map: Raster, perCode: number, threshold: number | null): Raster {
  const { data: rgb } = toDisplayRgb(picture);
  const data = new Uint8Array(picture.width * picture.height * 3);
  let largest = 1;
  for (const code of map.data) largest = Math.max(largest, code);
  const top = threshold === null || threshold <= 0 ? largest * perCode : 2 * threshold;
  for (let i = 0; i < map.data.length; i++) {
    const grey = (rgb[3 * i] + rgb[3 * i + 1] + rgb[3 * i + 2]) / 3;
    const v = Math.min(1, (map.data[i] * perCode) / top);
    const colour = heatColour(v);
    const share = COVER * Math.min(1, 2 * v);
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round((1 - share) * grey + share * colour[c]);
  }
  return { width: picture.width, height: picture.height, channels: 3, data };
}
