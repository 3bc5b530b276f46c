// The eight positions of a square picture: quarter turns, then a mirror (methods.md 1.2).

import type { Rng } from '../../base/rng.ts';

export const VARIANTS = 8;

/**
 * One of four turns, then one of no flip, left-right, top-bottom, as released. A top-bottom flip is a half turn and a
 * left-right one, so twelve draws give eight variants: turns + 4 for a mirrored one.
 */
export function drawVariant(rng: Rng): number {
  const turns = rng.int(4);
  const flip = rng.int(3);
  if (flip === 0) return turns;
  return 4 + (flip === 1 ? turns : (turns + 2) % 4);
}

/** Planes [C,S,S] in that position: `turns` quarter turns against the clock, then mirrored left to right. */
export function squareVariant(data: Float32Array, side: number, variant: number): Float32Array {
  if (variant === 0) return data;
  const [turns, mirrored] = [variant % 4, variant >= 4];
  const area = side * side;
  const last = side - 1;
  const out = new Float32Array(data.length);
  for (let i = 0; i < area; i++) {
    const y = Math.floor(i / side);
    const x = mirrored ? last - (i % side) : i % side;
    const from = [y * side + x, x * side + last - y, (last - y) * side + last - x, (last - x) * side + y][
      turns
    ];
    for (let c = 0; c < data.length; c += area) out[c + i] = data[c + from];
  }
  return out;
}
