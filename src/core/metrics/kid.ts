// Kernel inception distance: squared maximum mean discrepancy of two sets of features, cubic polynomial kernel.

import { invariant } from '../base/errors.ts';
import type { Rng } from '../base/rng.ts';
import { type Spread, spread } from './average.ts';

/** Rows of features [n,d], flat. */
export interface Features {
  readonly data: Float32Array | Float64Array;
  readonly width: number;
}

type Rows = readonly number[] | Int32Array;

export function rowCount({ data, width }: Features): number {
  return data.length / width;
}

function allRows(features: Features): number[] {
  return Array.from({ length: rowCount(features) }, (_, i) => i);
}

/** (x . y / d + 1)^3 */
function kernel(x: Features, i: number, y: Features, j: number): number {
  const { width } = x;
  let dot = 0;
  for (let k = 0; k < width; k++) dot += x.data[i * width + k] * y.data[j * width + k];
  return (dot / width + 1) ** 3;
}

/** Sum of the kernel over all pairs, and over pairs of the same position. */
function kernelSums(x: Features, xs: Rows, y: Features, ys: Rows): { all: number; diagonal: number } {
  let [all, diagonal] = [0, 0];
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < ys.length; j++) {
      const value = kernel(x, xs[i], y, ys[j]);
      all += value;
      if (i === j) diagonal += value;
    }
  }
  return { all, diagonal };
}

/**
 * MMD^2 of the chosen rows (default: all). `unbiased` leaves out the diagonals and can be negative; it needs two rows
 * on each side, `biased` one: null where there are fewer.
 */
export function mmdSquared(
  x: Features,
  y: Features,
  estimate: 'unbiased' | 'biased',
  rows: { readonly x?: Rows; readonly y?: Rows } = {},
): number | null {
  invariant(x.width === y.width, `features of ${x.width} and of ${y.width}`);
  const [xs, ys] = [rows.x ?? allRows(x), rows.y ?? allRows(y)];
  const [m, n] = [xs.length, ys.length];
  const least = estimate === 'unbiased' ? 2 : 1;
  if (m < least || n < least) return null;
  const [xx, yy, xy] = [kernelSums(x, xs, x, xs), kernelSums(y, ys, y, ys), kernelSums(x, xs, y, ys)];
  const cross = (2 * xy.all) / (m * n);
  if (estimate === 'biased') return xx.all / (m * m) + yy.all / (n * n) - cross;
  return (xx.all - xx.diagonal) / (m * (m - 1)) + (yy.all - yy.diagonal) / (n * (n - 1)) - cross;
}

export interface KidOptions {
  /** Number of subsets, 100. */
  readonly subsets?: number;
  /** Rows of each, 1000; at most the smaller set. */
  readonly size?: number;
}

/** Mean and deviation of the unbiased estimate over random subsets without repeats. Null where a set has one row. */
export function kid(x: Features, y: Features, rng: Rng, options: KidOptions = {}): Spread | null {
  const { subsets = 100, size = 1000 } = options;
  const length = Math.min(size, rowCount(x), rowCount(y));
  const values: number[] = [];
  for (let i = 0; i < subsets; i++) {
    const chosen = {
      x: rng.permutation(rowCount(x)).slice(0, length),
      y: rng.permutation(rowCount(y)).slice(0, length),
    };
    const value = mmdSquared(x, y, 'unbiased', chosen);
    if (value === null) return null;
    values.push(value);
  }
  return spread(values);
}
