// Fused passes over parameters as WebAssembly SIMD, block by block: the arrays stay where they are.

import { KERNEL_BASE64 } from './bytes.ts';

const BLOCK = 8192;

/** What every JavaScript engine has, and the language's own type library leaves to that of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  add(bytes: number): void;
  squares(bytes: number): number;
  adamw(bytes: number, ...coefficients: number[]): void;
  average(bytes: number, rate: number): void;
}

const bytes = Uint8Array.from(atob(KERNEL_BASE64), (c) => c.charCodeAt(0));
const kernel = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
const region = (i: number) => new Float32Array(kernel.memory.buffer, i * BLOCK * 4, BLOCK);
const [WEIGHT, GRADIENT, FIRST, SECOND, AVERAGE, OTHER] = [0, 1, 2, 3, 4, 5].map(region);

/** Calls `f(from, to, bytes)` for every block; `bytes` is rounded up to whole vectors. */
function blocks(length: number, f: (from: number, to: number, bytes: number) => void): void {
  for (let from = 0; from < length; from += BLOCK) {
    const to = Math.min(length, from + BLOCK);
    f(from, to, 16 * Math.ceil((to - from) / 4));
  }
}

function load(place: Float32Array, array: Float32Array, from: number, to: number): void {
  place.set(array.subarray(from, to));
  place.fill(0, to - from, to - from + 3);
}

function store(place: Float32Array, array: Float32Array, from: number, to: number): void {
  array.set(place.subarray(0, to - from), from);
}

/** gradient += each of `more`, in place; returns the sum of squares of the result. */
export function sumGradients(gradient: Float32Array, more: readonly Float32Array[]): number {
  let squares = 0;
  blocks(gradient.length, (from, to, size) => {
    load(GRADIENT, gradient, from, to);
    for (const other of more) {
      load(OTHER, other, from, to);
      kernel.add(size);
    }
    if (more.length > 0) store(GRADIENT, gradient, from, to);
    squares += kernel.squares(size);
  });
  return squares;
}

/** Arrays of one parameter, all of its length. */
export interface ParameterState {
  readonly weight: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface AdamWCoefficients {
  /** Factor of the gradient. */
  readonly scale: number;
  readonly betas: readonly [number, number];
  /** Factor of the weight: 1 - rate x decay. */
  readonly keep: number;
  readonly rate: number;
  readonly floor: number;
}

/**
 * m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, w = keep w - rate m / (sqrt(v) + floor), in place, float32.
 * A missing gradient counts as zero.
 */
export function adamw(
  { weight, first, second }: ParameterState,
  gradient: Float32Array | undefined,
  { scale, betas: [b1, b2], keep, rate, floor }: AdamWCoefficients,
): void {
  if (!gradient) GRADIENT.fill(0);
  blocks(weight.length, (from, to, size) => {
    load(WEIGHT, weight, from, to);
    load(FIRST, first, from, to);
    load(SECOND, second, from, to);
    if (gradient) load(GRADIENT, gradient, from, to);
    kernel.adamw(size, scale, b1, 1 - b1, b2, 1 - b2, keep, rate, floor);
    store(WEIGHT, weight, from, to);
    store(FIRST, first, from, to);
    store(SECOND, second, from, to);
  });
}

/** average += rate (weight - average), in place. */
export function moveAverage(average: Float32Array, weight: Float32Array, rate: number): void {
  blocks(weight.length, (from, to, size) => {
    load(WEIGHT, weight, from, to);
    load(AVERAGE, average, from, to);
    kernel.average(size, rate);
    store(AVERAGE, average, from, to);
  });
}
