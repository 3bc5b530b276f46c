// Separable resampling with antialiasing and reflection at the borders: weights once per axis, then two passes.

import type { Planes, Rect } from './raster.ts';
import { planes } from './raster.ts';

/** box: exact area coverage; triangle: bilinear, widened when shrinking (as PIL's BILINEAR); cubic: Catmull-Rom, same widening. */
export type Kernel = 'box' | 'triangle' | 'cubic';
/** What lies beyond the border: the picture mirrored about its outermost pixel, or nothing (0, still counted as area). */
export type Border = 'reflect' | 'zero';

/** Index of the sample that stands for position `i` of a line of `n`, mirrored about the first and last sample. */
export function reflectIndex(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * n - 2;
  const m = ((i % period) + period) % period;
  return m < n ? m : period - m;
}

/** For output k: source samples index[from[k] .. from[k+1]) with their weights (sum 1 under 'reflect'). */
export interface Taps {
  readonly from: Int32Array;
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

function kernelValue(kernel: 'triangle' | 'cubic', x: number): number {
  const a = Math.abs(x);
  if (kernel === 'triangle') return a < 1 ? 1 - a : 0;
  if (a < 1) return (1.5 * a - 2.5) * a * a + 1;
  return a < 2 ? ((-0.5 * a + 2.5) * a - 4) * a + 2 : 0;
}

/**
 * Weights that bring the span [start, start + length) of a line of `n` samples to `out` samples.
 * start and length may be fractional and reach beyond the line.
 */
export function makeTaps(
  n: number,
  start: number,
  length: number,
  out: number,
  kernel: Kernel,
  border: Border = 'reflect',
): Taps {
  const ratio = length / out;
  const stretch = Math.max(1, ratio);
  const reach = kernel === 'box' ? ratio / 2 : (kernel === 'cubic' ? 2 : 1) * stretch;
  const from = new Int32Array(out + 1);
  const index: number[] = [];
  const weight: number[] = [];
  for (let k = 0; k < out; k++) {
    const centre = start + (k + 0.5) * ratio;
    const first = index.length;
    let sum = 0;
    for (let i = Math.floor(centre - reach - 0.5); i <= Math.ceil(centre + reach - 0.5); i++) {
      const w =
        kernel === 'box'
          ? Math.min(i + 1, centre + reach) - Math.max(i, centre - reach)
          : kernelValue(kernel, (i + 0.5 - centre) / stretch);
      if (kernel === 'box' ? w <= 1e-9 : Math.abs(w) < 1e-9) continue;
      sum += w;
      if (border === 'zero' && (i < 0 || i >= n)) continue;
      index.push(reflectIndex(i, n));
      weight.push(w);
    }
    for (let t = first; t < weight.length; t++) weight[t] = weight[t] / sum;
    from[k + 1] = index.length;
  }
  return { from, index: Int32Array.from(index), weight: Float32Array.from(weight) };
}

/** One channel inside a larger array: sample (x, y) is data[offset + y * rowStride + x * step]. */
export interface Channel {
  readonly data: Uint8Array | Uint16Array | Float32Array;
  readonly offset: number;
  readonly step: number;
  readonly rowStride: number;
}

/** Applies the taps to one channel and writes width x height values times `gain` at out[at..]. */
export function resampleChannel(
  channel: Channel,
  tapsX: Taps,
  tapsY: Taps,
  out: Float32Array,
  at: number,
  gain: number,
): void {
  const width = tapsX.from.length - 1;
  const height = tapsY.from.length - 1;
  const { data, offset, step, rowStride } = channel;
  // First pass along x, only for rows that the second pass asks for.
  const slotOf = new Map<number, number>();
  for (const row of tapsY.index) if (!slotOf.has(row)) slotOf.set(row, slotOf.size);
  const lines = new Float32Array(slotOf.size * width);
  for (const [row, slot] of slotOf) {
    const base = offset + row * rowStride;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let t = tapsX.from[x]; t < tapsX.from[x + 1]; t++) {
        sum += tapsX.weight[t] * data[base + tapsX.index[t] * step];
      }
      lines[slot * width + x] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    const row = at + y * width;
    out.fill(0, row, row + width);
    for (let t = tapsY.from[y]; t < tapsY.from[y + 1]; t++) {
      const w = tapsY.weight[t] * gain;
      const line = (slotOf.get(tapsY.index[t]) as number) * width;
      for (let x = 0; x < width; x++) out[row + x] = out[row + x] + w * lines[line + x];
    }
  }
}

/** Part of the planes under a (fractional) rectangle, brought to width x height; mirrored beyond the border. */
export function resizePart(src: Planes, part: Rect, width: number, height: number, kernel: Kernel): Planes {
  const out = planes(src.channels, width, height);
  const tapsX = makeTaps(src.width, part.x, part.width, width, kernel);
  const tapsY = makeTaps(src.height, part.y, part.height, height, kernel);
  const area = src.width * src.height;
  for (let c = 0; c < src.channels; c++) {
    const channel = { data: src.data, offset: c * area, step: 1, rowStride: src.width };
    resampleChannel(channel, tapsX, tapsY, out.data, c * width * height, 1);
  }
  return out;
}

/** Planes brought to another size; 'cubic' may overshoot 0..1, the caller clamps. */
export function resizePlanes(
  src: Planes,
  width: number,
  height: number,
  kernel: Kernel = 'triangle',
): Planes {
  return resizePart(src, { x: 0, y: 0, width: src.width, height: src.height }, width, height, kernel);
}
