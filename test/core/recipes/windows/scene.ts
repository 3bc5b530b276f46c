// Small rendered pictures and masks for the tests of the windows method.

import type { Rng } from '../../../../src/core/base/rng.ts';
import { namedRng } from '../../../../src/core/base/rng.ts';
import type { Mask, Raster } from '../../../../src/core/image/raster.ts';
import { emptyMask } from '../../../../src/core/image/raster.ts';
import type { Shot } from '../../../../src/core/recipes/windows/shot.ts';

export function discMask(width: number, height: number, cx: number, cy: number, r: number): Mask {
  const mask = emptyMask(width, height);
  for (let i = 0; i < mask.data.length; i++) {
    if (Math.hypot((i % width) + 0.5 - cx, Math.floor(i / width) + 0.5 - cy) <= r) mask.data[i] = 1;
  }
  return mask;
}

export function boxMask(width: number, height: number, x: number, y: number, w: number, h: number): Mask {
  const mask = emptyMask(width, height);
  for (let v = y; v < y + h; v++) mask.data.fill(1, v * width + x, v * width + x + w);
  return mask;
}

/** Noisy surface of one colour. */
export function surface(
  width: number,
  height: number,
  colour: readonly number[] = [120, 130, 110],
  noise = 3,
  seed = 0,
): Raster {
  const rng: Rng = namedRng(seed, 'surface');
  const channels = colour.length as 1 | 3 | 4;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = Math.round(colour[i % channels] + noise * rng.normal());
  return { width, height, channels, data };
}

/** Paints a mask's pixels in one colour; returns the same raster. */
export function paint(raster: Raster, mask: Mask, colour: readonly number[]): Raster {
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    for (let c = 0; c < Math.min(raster.channels, colour.length); c++)
      raster.data[i * raster.channels + c] = colour[c];
  }
  return raster;
}

/** Bright disc (the product) of radius r on a grey ground, 256 x 256. */
export function product(seed: number, r = 80): { raster: Raster; outline: Mask } {
  const outline = discMask(256, 256, 128, 128, r);
  const raster = surface(256, 256, [70, 72, 75], 3, seed);
  const rng = namedRng(seed, 'product');
  for (let i = 0; i < outline.data.length; i++) {
    if (outline.data[i] === 0) continue;
    const n = 4 * rng.normal();
    raster.data.set([200 + n, 160 + n, 100 + n].map(Math.round), i * 3);
  }
  return { raster, outline };
}

export function shot(raster: Raster, mask: Mask, colour: readonly number[], type = 'mark'): Shot {
  return { raster: paint(raster, mask, colour), mask, type, name: 'shot' };
}
