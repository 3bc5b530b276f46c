// Arithmetic on flat float arrays for samplers: linear combinations in double precision, in the caller's type.

import { invariant } from '../base/errors.ts';

/** Float32 where networks run, Float64 where a sampler is checked against a float64 reference. Any layout, flat. */
export type Floats = Float32Array | Float64Array;

/** One summand: coefficient and array. */
export type Term = readonly [number, Floats];

/** A new zero array of the same type and length. */
export function zerosLike<T extends Floats>(like: T): T {
  return (like instanceof Float64Array ? new Float64Array(like.length) : new Float32Array(like.length)) as T;
}

/** Sum of coefficient * array, summed in double, stored in the type of `like`. All arrays have one length. */
export function mix<T extends Floats>(like: T, ...terms: readonly Term[]): T {
  const out = zerosLike(like);
  const { length } = out;
  for (const [, values] of terms)
    invariant(values.length === length, `sampler arrays differ: ${values.length}, ${length}`);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let k = 0; k < terms.length; k++) sum += terms[k][0] * terms[k][1][i];
    out[i] = sum;
  }
  return out;
}

/** Every value limited to [-limit, limit]. */
export function clamp<T extends Floats>(values: T, limit: number): T {
  const out = zerosLike(values);
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(values[i], -limit), limit);
  return out;
}
