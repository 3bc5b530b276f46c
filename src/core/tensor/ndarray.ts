// Dense arrays of the reference interpreter: float64 values, so finite differences are trustworthy.

import { broadcastShapes, type Shape, sizeOf, stridesOf } from './shape.ts';

export interface NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export function nd(shape: Shape, data?: ArrayLike<number>): NdArray {
  return { shape, data: data ? Float64Array.from(data) : new Float64Array(sizeOf(shape)) };
}

/** Calls `f(flatIndex, index)` for every position of `shape`, row-major; `index` is reused. */
export function forEachIndex(shape: Shape, f: (flat: number, index: number[]) => void): void {
  const n = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let flat = 0; flat < n; flat++) {
    f(flat, index);
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
}

/** Flat offset of `index` (of the broadcast shape) in an operand of shape `shape`. */
export function broadcastOffset(shape: Shape, strides: readonly number[], index: readonly number[]): number {
  const lead = index.length - shape.length;
  let offset = 0;
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] !== 1) offset += index[lead + d] * strides[d];
  }
  return offset;
}

/** Elementwise map of two broadcast operands. */
export function zipBroadcast(a: NdArray, b: NdArray, f: (x: number, y: number) => number): NdArray {
  const shape = broadcastShapes(a.shape, b.shape);
  const out = nd(shape);
  const sa = stridesOf(a.shape);
  const sb = stridesOf(b.shape);
  forEachIndex(shape, (flat, index) => {
    out.data[flat] = f(
      a.data[broadcastOffset(a.shape, sa, index)],
      b.data[broadcastOffset(b.shape, sb, index)],
    );
  });
  return out;
}

/** Gathers every element of `shape` from `source(index)`. */
export function buildNd(shape: Shape, source: (index: readonly number[]) => number): NdArray {
  const out = nd(shape);
  forEachIndex(shape, (flat, index) => {
    out.data[flat] = source(index);
  });
  return out;
}
