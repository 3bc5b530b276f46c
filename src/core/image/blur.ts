// Gaussian blur, separable, mirrored at the borders.

import type { Planes } from './raster.ts';
import { reflectIndex } from './resample.ts';

/** Normalised half kernel: weights at distance 0..ceil(3 sigma). */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const w = new Float64Array(radius + 1);
  let sum = 0;
  for (let i = 0; i <= radius; i++) {
    w[i] = Math.exp((-i * i) / (2 * sigma * sigma));
    sum += (i === 0 ? 1 : 2) * w[i];
  }
  return w.map((v) => v / sum);
}

/** One plane [height,width] blurred; sigma in px, 0 copies. The input is left as it is. */
export function blurPlane(
  src: ArrayLike<number>,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  if (sigma <= 0) return Float32Array.from(src);
  const w = halfKernel(sigma);
  const rows = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const base = y * width;
    for (let x = 0; x < width; x++) {
      let sum = w[0] * src[base + x];
      for (let k = 1; k < w.length; k++) {
        const a = x - k >= 0 ? x - k : reflectIndex(x - k, width);
        const b = x + k < width ? x + k : reflectIndex(x + k, width);
        sum += w[k] * (src[base + a] + src[base + b]);
      }
      rows[base + x] = sum;
    }
  }
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < w.length; k++) {
      const a = reflectIndex(y - k, height) * width;
      const b = reflectIndex(y + k, height) * width;
      const weight = k === 0 ? w[0] / 2 : w[k];
      for (let x = 0; x < width; x++) {
        out[y * width + x] = out[y * width + x] + weight * (rows[a + x] + rows[b + x]);
      }
    }
  }
  return out;
}

/** Every channel blurred with the same sigma (px). */
export function blurPlanes(src: Planes, sigma: number): Planes {
  const area = src.width * src.height;
  const data = new Float32Array(src.data.length);
  for (let c = 0; c < src.channels; c++) {
    data.set(blurPlane(src.data.subarray(c * area, (c + 1) * area), src.width, src.height, sigma), c * area);
  }
  return { ...src, data };
}
