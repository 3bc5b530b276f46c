// Set operations, cropping and embedding of binary masks.

import type { Mask, Rect } from './raster.ts';
import { assertSameSize, emptyMask } from './raster.ts';

/** Part of a mask under an integer rectangle; pixels beyond the mask are 0. */
export function cropMask(mask: Mask, rect: Rect): Mask {
  const out = emptyMask(rect.width, rect.height);
  const x0 = Math.max(0, rect.x);
  const x1 = Math.min(mask.width, rect.x + rect.width);
  if (x1 <= x0) return out;
  for (let y = Math.max(0, rect.y); y < Math.min(mask.height, rect.y + rect.height); y++) {
    const row = mask.data.subarray(y * mask.width + x0, y * mask.width + x1);
    out.data.set(row, (y - rect.y) * rect.width + (x0 - rect.x));
  }
  return out;
}

/** Sets in `target` every pixel that `part`, lying with its top left at (x, y), has set; parts outside are cut. */
export function addMask(target: Mask, part: Mask, x: number, y: number): void {
  for (let py = Math.max(0, -y); py < Math.min(part.height, target.height - y); py++) {
    for (let px = Math.max(0, -x); px < Math.min(part.width, target.width - x); px++) {
      if (part.data[py * part.width + px] !== 0) target.data[(y + py) * target.width + x + px] = 1;
    }
  }
}

/** Pixels set in both. */
export function andMasks(a: Mask, b: Mask): Mask {
  assertSameSize(a, b);
  return { width: a.width, height: a.height, data: a.data.map((v, i) => v & b.data[i]) };
}

/** Pixels set in either. */
export function orMasks(a: Mask, b: Mask): Mask {
  assertSameSize(a, b);
  return { width: a.width, height: a.height, data: a.data.map((v, i) => v | b.data[i]) };
}

/** Pixels set in `a` and not in `b`. */
export function subtractMasks(a: Mask, b: Mask): Mask {
  assertSameSize(a, b);
  return { width: a.width, height: a.height, data: a.data.map((v, i) => v & ~b.data[i] & 1) };
}

/** Mask with every pixel set. */
export function fullMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height).fill(1) };
}

/** Centre of gravity of the set pixels (pixel centres at +0.5), or null when the mask is empty. */
export function maskCentroid(mask: Mask): { x: number; y: number } | null {
  let n = 0;
  let sx = 0;
  let sy = 0;
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      if (mask.data[y * mask.width + x] === 0) continue;
      n++;
      sx += x;
      sy += y;
    }
  }
  return n === 0 ? null : { x: sx / n + 0.5, y: sy / n + 0.5 };
}
