// One number for a picture out of its score map.

import { invariant } from '../base/errors.ts';

/** Largest score; -Infinity for an empty map. */
export function maxScore(scores: Float32Array): number {
  let top = -Infinity;
  for (const score of scores) if (score > top) top = score;
  return top;
}

/**
 * Largest mean over a `size` x `size` window (odd), stride 1, zeros outside the map counted: DRAEM's score with 21.
 * @param scores [H,W]
 */
export function pooledMaxScore(scores: Float32Array, width: number, height: number, size = 21): number {
  invariant(scores.length === width * height, `${scores.length} scores for ${width}x${height}`);
  invariant(size % 2 === 1, `a window of ${size}`);
  const reach = (size - 1) / 2;
  const columns = new Float64Array(width);
  let top = -Infinity;
  const addRow = (y: number, sign: 1 | -1): void => {
    if (y < 0 || y >= height) return;
    for (let x = 0; x < width; x++) columns[x] += sign * scores[y * width + x];
  };
  for (let y = 0; y < reach; y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    addRow(y + reach, 1);
    addRow(y - reach - 1, -1);
    let sum = 0;
    for (let x = 0; x < Math.min(reach, width); x++) sum += columns[x];
    for (let x = 0; x < width; x++) {
      if (x + reach < width) sum += columns[x + reach];
      if (x - reach - 1 >= 0) sum -= columns[x - reach - 1];
      if (sum > top) top = sum;
    }
  }
  return top / (size * size);
}
