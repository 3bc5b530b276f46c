// Chebyshev dilation and erosion of masks (separable, linear time for any radius), opening, closing, hole filling.

import type { Mask } from './raster.ts';
import { emptyMask } from './raster.ts';

/** One axis: out is set where a set pixel lies within r steps along the line. */
function spread(
  src: Uint8Array,
  out: Uint8Array,
  lines: number,
  n: number,
  lineStep: number,
  step: number,
  r: number,
): void {
  for (let line = 0; line < lines; line++) {
    const base = line * lineStep;
    let until = -1;
    for (let i = 0; i < n; i++) {
      if (src[base + i * step] !== 0) until = i + r;
      if (i <= until) out[base + i * step] = 1;
    }
    until = n;
    for (let i = n - 1; i >= 0; i--) {
      if (src[base + i * step] !== 0) until = i - r;
      if (i >= until) out[base + i * step] = 1;
    }
  }
}

/** Mask grown by `radius` px in the Chebyshev sense (a square of 2r+1); radius 0 copies. */
export function dilate(mask: Mask, radius: number): Mask {
  const { width, height } = mask;
  if (radius <= 0) return { width, height, data: mask.data.slice() };
  const half = new Uint8Array(width * height);
  spread(mask.data, half, height, width, width, 1, radius);
  const out = emptyMask(width, height);
  spread(half, out.data, width, height, 1, width, radius);
  return out;
}

/** Complement. */
export function invertMask(mask: Mask): Mask {
  return { width: mask.width, height: mask.height, data: mask.data.map((v) => 1 - v) };
}

/** Mask shrunk by `radius` px; the picture's border does not eat into it. */
export function erode(mask: Mask, radius: number): Mask {
  return invertMask(dilate(invertMask(mask), radius));
}

/** Erosion, then dilation: removes parts thinner than 2r+1 px. */
export function openMask(mask: Mask, radius: number): Mask {
  return dilate(erode(mask, radius), radius);
}

/** Dilation, then erosion: closes cracks thinner than 2r+1 px. */
export function closeMask(mask: Mask, radius: number): Mask {
  return erode(dilate(mask, radius), radius);
}

/** Sets every background pixel that has no path (4 neighbours) to the picture's border. */
export function fillHoles(mask: Mask): Mask {
  const { width, height, data } = mask;
  const outside = new Uint8Array(width * height);
  const stack: number[] = [];
  const visit = (i: number): void => {
    if (data[i] === 0 && outside[i] === 0) {
      outside[i] = 1;
      stack.push(i);
    }
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  while (stack.length > 0) {
    const i = stack.pop() as number;
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < width * (height - 1)) visit(i + width);
  }
  return { width, height, data: outside.map((v) => 1 - v) };
}
