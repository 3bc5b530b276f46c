// Distance of every mask pixel to the nearest pixel outside the mask (3-4 chamfer, within 8 % of Euclid).

import type { Mask } from './raster.ts';

/**
 * [H,W] in px, 0 outside the mask, 1 on its rim. The picture's border is not an edge: an object cut by the
 * frame goes on beyond it. A mask without any outside gets width + height everywhere.
 */
export function distanceInside(mask: Mask): Float32Array {
  const { width, height, data } = mask;
  const far = 3 * (width + height);
  const d = new Int32Array(width * height);
  for (let i = 0; i < d.length; i++) d[i] = data[i] === 0 ? 0 : far;
  const relax = (i: number, j: number, cost: number): void => {
    const v = d[j] + cost;
    if (v < d[i]) d[i] = v;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x > 0) relax(i, i - 1, 3);
      if (y > 0) {
        relax(i, i - width, 3);
        if (x > 0) relax(i, i - width - 1, 4);
        if (x < width - 1) relax(i, i - width + 1, 4);
      }
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x;
      if (x < width - 1) relax(i, i + 1, 3);
      if (y < height - 1) {
        relax(i, i + width, 3);
        if (x < width - 1) relax(i, i + width + 1, 4);
        if (x > 0) relax(i, i + width - 1, 4);
      }
    }
  }
  const out = new Float32Array(d.length);
  for (let i = 0; i < d.length; i++) out[i] = d[i] / 3;
  return out;
}
