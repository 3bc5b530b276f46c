// Shapes: sizes, strides, broadcasting and axis rules (NumPy's), used by every op.

import { invariant } from '../base/errors.ts';

export type Shape = readonly number[];

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let s = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = s;
    s *= shape[i];
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** Shape of an elementwise result of two operands, NumPy rules. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const da = a[a.length - rank + i] ?? 1;
    const db = b[b.length - rank + i] ?? 1;
    invariant(da === db || da === 1 || db === 1, `cannot broadcast ${shapeText(a)} with ${shapeText(b)}`);
    out[i] = da === 1 ? db : da;
  }
  return out;
}

/** Axes of `to` over which a value of shape `from` was repeated; what a gradient is summed over. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const lead = to.length - from.length;
  const axes: number[] = [];
  for (let i = 0; i < to.length; i++) {
    if (i < lead || (from[i - lead] === 1 && to[i] !== 1)) axes.push(i);
  }
  return axes;
}

/** Non-negative axis index. */
export function normalizeAxis(axis: number, rank: number): number {
  const a = axis < 0 ? axis + rank : axis;
  invariant(a >= 0 && a < rank, `axis ${axis} of a tensor of rank ${rank}`);
  return a;
}

/** Non-negative, sorted axes; `'all'` names every axis. */
export function normalizeAxes(axes: readonly number[] | 'all', rank: number): number[] {
  if (axes === 'all') return Array.from({ length: rank }, (_, i) => i);
  return axes.map((a) => normalizeAxis(a, rank)).sort((x, y) => x - y);
}

/** Shape after reducing `axes` (sorted, non-negative). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  const gone = new Set(axes);
  return shape.flatMap((d, i) => (gone.has(i) ? (keepDims ? [1] : []) : [d]));
}
