// A test picture beside its mask and the maps of two detectors, for reports.

import type { Mask, Raster } from '../../core/image/raster.ts';
import { toDisplayRgb } from './pixels.ts';
import { fromRgb } from './preview.ts';

/** Height of the strip, px. */
const HEIGHT = 160;
const GAP = 4;

export interface GreyMap {
  readonly width: number;
  readonly height: number;
  /** 0..255 */
  readonly data: Uint8Array;
}

/** Grey maps as RGB, tiles of one height with a gap between them. A `data:image/jpeg` URL. */
export async function proofStrip(picture: Raster, mask: Mask, maps: readonly GreyMap[]): Promise<string> {
  const width = Math.max(1, Math.round((picture.width / picture.height) * HEIGHT));
  const white: GreyMap = { ...mask, data: mask.data.map((v) => 255 * v) };
  const tiles = [toDisplayRgb(picture), ...[white, ...maps].map(greyRgb)];
  const pieces = [];
  for (const tile of tiles)
    pieces.push(await fromRgb(tile).resize(width, HEIGHT, { fit: 'fill' }).raw().toBuffer());
  const whole = tiles.length * (width + GAP) - GAP;
  const data = new Uint8Array(3 * whole * HEIGHT).fill(255);
  for (const [t, piece] of pieces.entries())
    for (let y = 0; y < HEIGHT; y++)
      data.set(piece.subarray(3 * y * width, 3 * (y + 1) * width), 3 * (y * whole + t * (width + GAP)));
  const strip: Raster = { width: whole, height: HEIGHT, channels: 3, data };
  const bytes = await fromRgb(strip).jpeg({ quality: 85 }).toBuffer();
  return `data:image/jpeg;base64,${bytes.toString('base64')}`;
}

function greyRgb({ width, height, data }: GreyMap): Raster {
  const rgb = new Uint8Array(3 * data.length);
  for (let i = 0; i < data.length; i++) rgb.fill(data[i], 3 * i, 3 * i + 3);
  return { width, height, channels: 3, data: rgb };
}
