// Otsu's threshold with the numbers that tell whether there are two classes at all.

export interface OtsuResult {
  /** Values above belong to the upper class. */
  readonly threshold: number;
  /** Between-class variance over total variance, 0..1: about .64 for one bell or a ramp, > .8 for two clear classes. */
  readonly separability: number;
  readonly lowMean: number;
  readonly highMean: number;
  /** Share of values in the upper class. */
  readonly highShare: number;
}

/** Otsu (1979) on a histogram of `bins` equal bins between the smallest and the largest value. */
export function otsu(values: ArrayLike<number>, bins = 256): OtsuResult {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    lo = Math.min(lo, values[i]);
    hi = Math.max(hi, values[i]);
  }
  if (!(hi > lo)) return { threshold: hi, separability: 0, lowMean: lo, highMean: hi, highShare: 0 };
  const count = new Float64Array(bins);
  const sum = new Float64Array(bins);
  let total = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    const b = Math.min(bins - 1, Math.floor(((v - lo) / (hi - lo)) * bins));
    count[b] = count[b] + 1;
    sum[b] = sum[b] + v;
    total += v;
    squares += v * v;
  }
  const n = values.length;
  const variance = squares / n - (total / n) ** 2;
  let best = { between: -1, bin: 0, lowMean: lo, highMean: hi, highShare: 0 };
  let c = 0;
  let s = 0;
  for (let b = 0; b < bins - 1; b++) {
    c += count[b];
    s += sum[b];
    if (c === 0 || c === n) continue;
    const lowMean = s / c;
    const highMean = (total - s) / (n - c);
    const between = (c / n) * (1 - c / n) * (highMean - lowMean) ** 2;
    if (between > best.between) best = { between, bin: b, lowMean, highMean, highShare: 1 - c / n };
  }
  return {
    threshold: lo + ((best.bin + 1) / bins) * (hi - lo),
    separability: variance > 0 ? Math.min(1, best.between / variance) : 0,
    lowMean: best.lowMean,
    highMean: best.highMean,
    highShare: best.highShare,
  };
}
