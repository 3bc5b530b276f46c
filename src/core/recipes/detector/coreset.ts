// A few patches that stand for many: greedy k-centre selection under a random projection (PatchCore, Roth et al. 2022).

import type { Rng } from '../../base/rng.ts';

/** Dimensions the selection works in; distances survive a random projection (Johnson and Lindenstrauss 1984). */
const PROJECTED = 32;

/** rows [n,d] -> [n,PROJECTED], or the rows themselves where they are no longer than that. */
function projected(rows: Float32Array, d: number, rng: Rng): { data: Float32Array; d: number } {
  if (d <= PROJECTED) return { data: rows, d };
  const matrix = rng.fillNormal(new Float32Array(d * PROJECTED));
  const n = rows.length / d;
  const data = new Float32Array(n * PROJECTED);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      const value = rows[i * d + k];
      for (let j = 0; j < PROJECTED; j++) data[i * PROJECTED + j] += value * matrix[k * PROJECTED + j];
    }
  }
  return { data, d: PROJECTED };
}

/**
 * Indices of at most `count` of the rows [n,d], each the farthest from those before it.
 * Equal input gives equal indices, in the same order.
 */
export function coreset(rows: Float32Array, d: number, count: number, rng: Rng): number[] {
  const n = rows.length / d;
  if (n <= count) return Array.from({ length: n }, (_, i) => i);
  const { data, d: p } = projected(rows, d, rng);
  const nearest = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  const chosen = [rng.int(n)];
  while (chosen.length < count) {
    const at = chosen[chosen.length - 1] * p;
    let [farthest, most] = [0, -1];
    for (let i = 0; i < n; i++) {
      let distance = 0;
      for (let j = 0, x = i * p; j < p; j++, x++) distance += (data[x] - data[at + j]) ** 2;
      if (distance < nearest[i]) nearest[i] = distance;
      if (nearest[i] > most) [farthest, most] = [i, nearest[i]];
    }
    chosen.push(farthest);
  }
  return chosen;
}
