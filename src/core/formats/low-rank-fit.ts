// The best low-rank form of a change of weights, by subspace iteration (Halko et al. 2011, arXiv 0909.4061, algorithm 4.4).

import type { Rng } from '../base/rng.ts';

export interface LowRankFit {
  /** [rows,rank], orthonormal columns. */
  readonly up: Float32Array;
  /** [rank,columns] */
  readonly down: Float32Array;
  /** Frobenius norm of what is left, over that of the change; 0 for no change. */
  readonly relativeError: number;
}

/** Passes over the change; the weights of fine-tunes fall off fast, more changed nothing. */
const ITERATIONS = 4;

/** Gram-Schmidt on columns of q [rows,rank], twice for accuracy; a dependent column becomes zero. */
function orthonormalize(q: Float64Array, rows: number, rank: number): void {
  const column = (c: number, i: number) => i * rank + c;
  for (let c = 0; c < rank; c++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < c; other++) {
        let dot = 0;
        for (let i = 0; i < rows; i++) dot += q[column(c, i)] * q[column(other, i)];
        for (let i = 0; i < rows; i++) q[column(c, i)] -= dot * q[column(other, i)];
      }
    }
    let norm = 0;
    for (let i = 0; i < rows; i++) norm += q[column(c, i)] ** 2;
    const scale = norm > 1e-30 ? 1 / Math.sqrt(norm) : 0;
    for (let i = 0; i < rows; i++) q[column(c, i)] *= scale;
  }
}

/** a^T q [columns,rank] of a [rows,columns], q [rows,rank]. */
function transposedTimes(a: Float32Array, q: Float64Array, rows: number, columns: number, rank: number) {
  const out = new Float64Array(columns * rank);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const v = a[i * columns + j];
      if (v === 0) continue;
      for (let c = 0; c < rank; c++) out[j * rank + c] += v * q[i * rank + c];
    }
  return out;
}

/** a q [rows,rank] of a [rows,columns], q [columns,rank]. */
function times(a: Float32Array, q: Float64Array, rows: number, columns: number, rank: number) {
  const out = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const v = a[i * columns + j];
      for (let c = 0; c < rank; c++) out[i * rank + c] += v * q[j * rank + c];
    }
  return out;
}

/** up down close to `change` [rows,columns]. */
export function fitLowRank(change: Float32Array, rows: number, rank: number, rng: Rng): LowRankFit {
  const columns = change.length / rows;
  const start = Float64Array.from({ length: columns * rank }, () => rng.normal());
  let q = times(change, start, rows, columns, rank);
  orthonormalize(q, rows, rank);
  for (let k = 0; k < ITERATIONS; k++) {
    const back = transposedTimes(change, q, rows, columns, rank);
    orthonormalize(back, columns, rank);
    q = times(change, back, rows, columns, rank);
    orthonormalize(q, rows, rank);
  }
  const transposed = transposedTimes(change, q, rows, columns, rank);
  const down = new Float32Array(rank * columns);
  let kept = 0;
  for (let j = 0; j < columns; j++)
    for (let c = 0; c < rank; c++) {
      down[c * columns + j] = transposed[j * rank + c];
      kept += transposed[j * rank + c] ** 2;
    }
  const total = change.reduce((sum, v) => sum + v * v, 0);
  const relativeError = total > 0 ? Math.sqrt(Math.max(0, 1 - kept / total)) : 0;
  return { up: Float32Array.from(q), down, relativeError };
}
