// Masks at the sizes of the latent and of the attention maps, as SeaS makes them (methods.md 1.4 step 8).

import { invariant } from '../../base/errors.ts';

/** A stack of masks [count,height,width], flat, 0..1. */
export interface MaskStack {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** Two source cells and the share of the second for every target cell; align_corners = false, no antialias. */
function taps(from: number, to: number): { low: number; high: number; share: number }[] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(at), from - 1);
    return { low, high: Math.min(low + 1, from - 1), share: at - low };
  });
}

/** Bilinear, as torch's interpolate(align_corners=False): a cell is 1 only if all four taps are. */
export function bilinearMask(mask: MaskStack, height: number, width: number): MaskStack {
  const count = mask.data.length / (mask.height * mask.width);
  const [rows, cols] = [taps(mask.height, height), taps(mask.width, width)];
  const data = new Float32Array(count * height * width);
  for (let n = 0; n < count; n++) {
    const plane = mask.data.subarray(n * mask.height * mask.width);
    for (let y = 0; y < height; y++) {
      const r = rows[y];
      for (let x = 0; x < width; x++) {
        const c = cols[x];
        const along = (row: number): number =>
          (1 - c.share) * plane[row * mask.width + c.low] + c.share * plane[row * mask.width + c.high];
        data[(n * height + y) * width + x] = (1 - r.share) * along(r.low) + r.share * along(r.high);
      }
    }
  }
  return { data, height, width };
}

/** Largest of every 2x2 cell. */
export function halveMask(mask: MaskStack): MaskStack {
  const [height, width] = [mask.height / 2, mask.width / 2];
  invariant(Number.isInteger(height) && Number.isInteger(width), `mask of ${mask.height}x${mask.width}`);
  const count = mask.data.length / (mask.height * mask.width);
  const data = new Float32Array(count * height * width);
  for (let i = 0; i < data.length; i++) {
    const [row, x] = [Math.floor(i / width), i % width];
    const at = 2 * row * mask.width + 2 * x;
    const { data: m } = mask;
    data[i] = Math.max(m[at], m[at + 1], m[at + mask.width], m[at + mask.width + 1]);
  }
  return { data, height, width };
}

/** Masks at latent / scale for each scale (powers of two, 1 included): bilinear to the latent, then halved. */
export function maskPyramid(
  mask: MaskStack,
  latent: readonly [height: number, width: number],
  scales: readonly number[],
): Map<number, MaskStack> {
  const wanted = [...scales].sort((x, y) => x - y);
  const out = new Map<number, MaskStack>();
  let [level, scale] = [bilinearMask(mask, ...latent), 1];
  for (const target of wanted) {
    invariant(Number.isInteger(Math.log2(target)), `scale ${target} is not a power of two`);
    for (; scale < target; scale *= 2) level = halveMask(level);
    out.set(target, level);
  }
  return out;
}
