// Averages that leave out what is undefined.

/** Mean of what is defined; null when nothing is. */
export function meanDefined(values: Iterable<number | null>): number | null {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

export interface Spread {
  readonly mean: number;
  /** Population standard deviation (divides by n). */
  readonly deviation: number;
}

/** Null for an empty list. */
export function spread(values: readonly number[]): Spread | null {
  const mean = meanDefined(values);
  if (mean === null) return null;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
