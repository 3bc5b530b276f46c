// Smooth noise of any size for the demo product: random values on a lattice, joined smoothly.

import type { Rng } from '../../base/rng.ts';

/** Value in about -1..1 at any position inside 0..extent (pixels); `cell` is the lattice's pitch in pixels. */
export function valueNoise(rng: Rng, extent: number, cell: number): (x: number, y: number) => number {
  const side = Math.ceil(extent / cell) + 2;
  const lattice = Float64Array.from({ length: side * side }, () => rng.uniformIn(-1, 1));
  const ease = (t: number) => t * t * (3 - 2 * t);
  return (x, y) => {
    const column = Math.min(side - 2, Math.max(0, Math.floor(x / cell)));
    const row = Math.min(side - 2, Math.max(0, Math.floor(y / cell)));
    const tx = ease(x / cell - column);
    const ty = ease(y / cell - row);
    const i = row * side + column;
    const top = lattice[i] + tx * (lattice[i + 1] - lattice[i]);
    const bottom = lattice[i + side] + tx * (lattice[i + side + 1] - lattice[i + side]);
    return top + ty * (bottom - top);
  };
}
