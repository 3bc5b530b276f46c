// Turns, mirrors and exposure changes of one training window, the same for picture, mask and hole.

import type { Rng } from '../../base/rng.ts';
import type { Mask, Planes } from '../../image/raster.ts';
import type { WindowExample } from './window-example.ts';

/** Exposure: value * U(.9, 1.1) + normal(4/255), clamped to 0..1. */
const GAIN = [0.9, 1.1] as const;
const OFFSET_SIGMA = 4 / 255;

/** Source index of every index of an S x S square under one of its eight turns and mirrors (k = 0..7, 0 = as it is). */
export function turnIndices(size: number, k: number): Int32Array {
  const out = new Int32Array(size * size);
  for (let i = 0; i < out.length; i++) {
    let x = i % size;
    let y = Math.floor(i / size);
    if ((k & 4) !== 0) x = size - 1 - x;
    for (let t = k & 3; t > 0; t--) [x, y] = [size - 1 - y, x];
    out[i] = y * size + x;
  }
  return out;
}

/** Example under a random quarter turn, mirror and exposure. */
export function augmentWindow(example: WindowExample, rng: Rng): WindowExample {
  const size = example.mask.width;
  const from = turnIndices(size, rng.int(8));
  const gain = rng.uniformIn(GAIN[0], GAIN[1]);
  const offset = rng.normal() * OFFSET_SIGMA;
  const area = size * size;
  const data = new Float32Array(3 * area);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < area; i++) {
      data[c * area + i] = Math.min(1, Math.max(0, example.image.data[c * area + from[i]] * gain + offset));
    }
  }
  const image: Planes = { channels: 3, width: size, height: size, data };
  const turn = (m: Mask): Mask => ({
    width: size,
    height: size,
    data: m.data.map((_, i) => m.data[from[i]]),
  });
  return { ...example, image, mask: turn(example.mask), hole: turn(example.hole) };
}
