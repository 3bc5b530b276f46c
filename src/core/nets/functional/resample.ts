// Spatial linear maps that act on rows and columns apart: resizing and padding as two matrix products.

import { invariant } from '../../base/errors.ts';
import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';

/** Row-major [out,in] matrix of one axis. */
export interface AxisMap {
  readonly out: number;
  readonly in: number;
  readonly weights: Float32Array;
}

/** Fills a map: `taps(o)` names the input positions and weights of output `o`. */
export function axisMap(
  out: number,
  size: number,
  taps: (o: number) => Iterable<readonly [number, number]>,
): AxisMap {
  const weights = new Float32Array(out * size);
  for (let o = 0; o < out; o++) for (const [i, w] of taps(o)) weights[o * size + i] += w;
  return { out, in: size, weights };
}

/** x [...,H,W] -> [...,H',W']: `rows` over the height, `columns` over the width; null leaves an axis alone. */
export function separable(b: Builder, x: Value, rows: AxisMap | null, columns: AxisMap | null): Value {
  const { shape } = x;
  const rank = shape.length;
  const lead = shape.slice(0, -2);
  const matrix = ({ out, in: size, weights }: AxisMap) => b.constant(weights, [out, size]);
  let y = x;
  if (columns) {
    invariant(columns.in === shape[rank - 1], `a map of ${columns.in} columns on ${shape[rank - 1]}`);
    y = b.matmul(y, matrix(columns), { transB: true });
  }
  if (rows) {
    invariant(rows.in === shape[rank - 2], `a map of ${rows.in} rows on ${shape[rank - 2]}`);
    const width = y.shape[rank - 1];
    const planes = b.matmul(matrix(rows), b.reshape(y, [-1, rows.in, width]));
    y = b.reshape(planes, [...lead, rows.out, width]);
  }
  return y;
}

/** Linear interpolation of one axis, torch.nn.functional.interpolate without antialias. */
function linearMap(size: number, out: number, alignCorners: boolean): AxisMap {
  const step = alignCorners ? (out > 1 ? (size - 1) / (out - 1) : 0) : size / out;
  return axisMap(out, size, (o) => {
    const at = alignCorners ? o * step : Math.max(0, (o + 0.5) * step - 0.5);
    const low = Math.min(Math.floor(at), size - 1);
    const share = at - low;
    return [
      [low, 1 - share],
      [Math.min(low + 1, size - 1), share],
    ];
  });
}

/** Bilinear resizing of x [N,C,h,w] to [N,C,size[0],size[1]], as torch's interpolate(antialias=False). */
export function bilinear(
  b: Builder,
  x: Value,
  size: readonly [number, number],
  options: { alignCorners?: boolean } = {},
): Value {
  const { alignCorners = false } = options;
  const [h, w] = x.shape.slice(-2);
  const rows = size[0] === h ? null : linearMap(h, size[0], alignCorners);
  return separable(b, x, rows, size[1] === w ? null : linearMap(w, size[1], alignCorners));
}

/** Nearest-neighbour resizing of x [N,C,h,w] (torch's 'nearest': floor of the scaled index). */
export function resizeNearest(b: Builder, x: Value, size: readonly [number, number]): Value {
  const [h, w] = x.shape.slice(-2);
  if (size[0] === 2 * h && size[1] === 2 * w) return b.upsampleNearest2x(x);
  const map = (from: number, to: number) =>
    from === to ? null : axisMap(to, from, (o) => [[Math.min(from - 1, Math.floor((o * from) / to)), 1]]);
  return separable(b, x, map(h, size[0]), map(w, size[1]));
}

/** Position in 0..n-1 that index `i` outside mirrors to, without repeating the edge. */
function reflected(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const k = ((i % period) + period) % period;
  return k < n ? k : period - k;
}

/** Reflection padding of x [...,H,W]; `pads` = [top, bottom], [left, right]; the edge is not repeated. */
export function padReflect(
  b: Builder,
  x: Value,
  pads: readonly [readonly [number, number], readonly [number, number]],
): Value {
  const map = (n: number, [before, after]: readonly [number, number]) =>
    before + after === 0 ? null : axisMap(n + before + after, n, (o) => [[reflected(o - before, n), 1]]);
  const [h, w] = x.shape.slice(-2);
  return separable(b, x, map(h, pads[0]), map(w, pads[1]));
}
