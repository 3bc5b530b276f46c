// Timestep embedding of the U-Net: sinusoids of t, then two linear layers.

import type { Value } from '../graph/value.ts';
import { linear } from './layers.ts';
import type { Scope } from './scope.ts';

/** Significant bits kept in the high part of a frequency: its product with t < 2^12 is exact in float32. */
const HIGH_BITS = 12;

/** x rounded to `bits` significant bits. */
function leadingBits(x: number, bits: number): number {
  const unit = 2 ** (Math.floor(Math.log2(x)) + 1 - bits);
  return Math.round(x / unit) * unit;
}

/** Frequencies 10000^(-i/(half - shift)), i = 0..half-1 (diffusers' get_timestep_embedding). */
export function timeFrequencies(half: number, freqShift: number): number[] {
  return Array.from({ length: half }, (_, i) => Math.exp((-Math.log(10000) * i) / (half - freqShift)));
}

/**
 * timestep [N] float32 -> [N,dim]: [cos | sin] when flipped, [sin | cos] otherwise.
 * t w is formed as t high + t low and the angles are added by the addition theorem, so that the result is
 * exact to float32 at t = 999 (a plain float32 product is off by 5e-5 there).
 */
export function sinusoids(s: Scope, timestep: Value, dim: number, flip = true, freqShift = 0): Value {
  const { b } = s;
  const frequencies = timeFrequencies(dim / 2, freqShift);
  const high = frequencies.map((w) => leadingBits(w, HIGH_BITS));
  const low = frequencies.map((w, i) => w - high[i]);
  const t = b.reshape(timestep, [timestep.shape[0], 1]);
  const large = b.mul(t, b.constant(high, [1, dim / 2]));
  const small = b.mul(t, b.constant(low, [1, dim / 2]));
  const [sl, cl, ss, cs] = [b.sin(large), b.cos(large), b.sin(small), b.cos(small)];
  const sin = b.add(b.mul(sl, cs), b.mul(cl, ss));
  const cos = b.sub(b.mul(cl, cs), b.mul(sl, ss));
  return b.concat(flip ? [cos, sin] : [sin, cos], 1);
}

/** `time_embedding`: [N,C] -> linear_1, SiLU, linear_2 -> [N,dim]. */
export function timeEmbedding(s: Scope, x: Value, dim: number): Value {
  return linear(s.at('linear_2'), s.b.silu(linear(s.at('linear_1'), x, dim)), dim);
}
