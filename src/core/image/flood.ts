// Flood fills: pixels of like colour around a point, and holes of a mask.

import type { Mask, Rect } from './raster.ts';
import { emptyMask } from './raster.ts';

/** A filled part with its place in the picture. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly mask: Mask;
}

/**
 * Pixels joined to (x, y) over their sides whose colour differs by at most `tolerance` (0..255, largest channel) from
 * the mean of 3x3 around it. `rgba` is [H,W,4]. Null outside of the picture.
 */
export function floodSimilar(
  picture: { readonly width: number; readonly height: number; readonly rgba: Uint8ClampedArray | Uint8Array },
  x: number,
  y: number,
  tolerance: number,
): Patch | null {
  const { width, height, rgba } = picture;
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const [r, g, b] = meanAround(picture, x, y);
  return flood(width, height, x, y, (i) => {
    const at = 4 * i;
    return (
      Math.abs(rgba[at] - r) <= tolerance &&
      Math.abs(rgba[at + 1] - g) <= tolerance &&
      Math.abs(rgba[at + 2] - b) <= tolerance
    );
  });
}

/** The background pixels joined to (x, y); null where they reach the border: no hole. */
export function holeAt(mask: Mask, x: number, y: number): Patch | null {
  if (mask.data[y * mask.width + x] !== 0) return null;
  const patch = flood(mask.width, mask.height, x, y, (i) => mask.data[i] === 0);
  const touches =
    patch.x === 0 ||
    patch.y === 0 ||
    patch.x + patch.mask.width === mask.width ||
    patch.y + patch.mask.height === mask.height;
  return touches ? null : patch;
}

/** The seed always belongs to the result. Rows are filled as wholes. */
function flood(width: number, height: number, x: number, y: number, fits: (i: number) => boolean): Patch {
  const seen = new Uint8Array(width * height);
  const box = { x0: x, y0: y, x1: x, y1: y };
  const stack: number[] = [y * width + x];
  seen[y * width + x] = 1;
  while (stack.length > 0) {
    const seed = stack.pop()!;
    const row = Math.floor(seed / width);
    const start = row * width;
    let from = seed;
    let to = seed;
    while (from > start && seen[from - 1] === 0 && fits(from - 1)) seen[--from] = 1;
    while (to < start + width - 1 && seen[to + 1] === 0 && fits(to + 1)) seen[++to] = 1;
    box.x0 = Math.min(box.x0, from - start);
    box.x1 = Math.max(box.x1, to - start);
    box.y0 = Math.min(box.y0, row);
    box.y1 = Math.max(box.y1, row);
    for (const side of [-width, width]) {
      if ((side < 0 && row === 0) || (side > 0 && row === height - 1)) continue;
      for (let i = from + side; i <= to + side; i++) {
        if (seen[i] !== 0 || !fits(i)) continue;
        seen[i] = 1;
        stack.push(i);
      }
    }
  }
  const rect = { x: box.x0, y: box.y0, width: box.x1 - box.x0 + 1, height: box.y1 - box.y0 + 1 };
  return { x: rect.x, y: rect.y, mask: cut(seen, width, rect) };
}

function cut(data: Uint8Array, stride: number, rect: Rect): Mask {
  const out = emptyMask(rect.width, rect.height);
  for (let y = 0; y < rect.height; y++) {
    const from = (rect.y + y) * stride + rect.x;
    out.data.set(data.subarray(from, from + rect.width), y * rect.width);
  }
  return out;
}

function meanAround(
  { width, height, rgba }: { width: number; height: number; rgba: ArrayLike<number> },
  x: number,
  y: number,
): [number, number, number] {
  const sum = [0, 0, 0];
  let n = 0;
  for (let py = Math.max(0, y - 1); py <= Math.min(height - 1, y + 1); py++) {
    for (let px = Math.max(0, x - 1); px <= Math.min(width - 1, x + 1); px++) {
      for (let c = 0; c < 3; c++) sum[c] += rgba[4 * (py * width + px) + c];
      n++;
    }
  }
  return [sum[0] / n, sum[1] / n, sum[2] / n];
}
