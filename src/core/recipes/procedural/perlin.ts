// Gradient noise (Perlin 1985) on a square, turned by a random angle.

import type { Rng } from '../../base/rng.ts';

const fade = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);

/**
 * [side, side] noise of about -1..1 with `across` x `down` lattice cells over the square.
 */
export function perlinNoise(side: number, across: number, down: number, rng: Rng): Float32Array {
  const angle = rng.uniformIn(-Math.PI / 2, Math.PI / 2);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // Turned, the square reaches half a diagonal from its centre.
  const [columns, rows] = [across, down].map((cells) => Math.ceil(cells * Math.SQRT2) + 2);
  const gradients = new Float32Array(2 * (columns + 1) * (rows + 1));
  for (let i = 0; i < gradients.length; i += 2) {
    const direction = rng.uniformIn(0, 2 * Math.PI);
    gradients[i] = Math.cos(direction);
    gradients[i + 1] = Math.sin(direction);
  }
  const out = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [px, py] = [(x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5];
      const u = (px * cos - py * sin) * across + columns / 2;
      const v = (px * sin + py * cos) * down + rows / 2;
      const [i, j] = [Math.floor(u), Math.floor(v)];
      const [s, t] = [u - i, v - j];
      const corner = (di: number, dj: number): number => {
        const at = 2 * ((j + dj) * (columns + 1) + i + di);
        return gradients[at] * (s - di) + gradients[at + 1] * (t - dj);
      };
      const [fs, ft] = [fade(s), fade(t)];
      const top = corner(0, 0) + fs * (corner(1, 0) - corner(0, 0));
      const bottom = corner(0, 1) + fs * (corner(1, 1) - corner(0, 1));
      out[y * side + x] = Math.SQRT2 * (top + ft * (bottom - top));
    }
  }
  return out;
}
