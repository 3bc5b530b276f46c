// Small dense linear systems (UniPC's are at most 3 x 3).

/** Solves A y = b by Gaussian elimination with partial pivoting. Arguments are not changed. */
export function solveLinear(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const rows = a.map((row, i) => [...row.slice(0, n), b[i]]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++)
      if (Math.abs(rows[r][column]) > Math.abs(rows[pivot][column])) pivot = r;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let r = column + 1; r < n; r++) {
      const factor = rows[r][column] / rows[column][column];
      for (let k = column; k <= n; k++) rows[r][k] -= factor * rows[column][k];
    }
  }
  const y = Array<number>(n).fill(0);
  for (let r = n - 1; r >= 0; r--) {
    const known = y.reduce((sum, value, k) => (k > r ? sum + rows[r][k] * value : sum), 0);
    y[r] = (rows[r][n] - known) / rows[r][r];
  }
  return y;
}
