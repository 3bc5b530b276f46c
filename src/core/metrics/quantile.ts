// Quantiles of a list of numbers, interpolated linearly as NumPy does by default.

/** Value below which a share `q` (0..1) of the numbers lies; null for an empty list. Does not change its argument. */
export function quantile(values: ArrayLike<number>, q: number): number | null {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return null;
  const place = Math.min(Math.max(q, 0), 1) * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}

/** The middle value. */
export function median(values: ArrayLike<number>): number | null {
  return quantile(values, 0.5);
}
