// Number grids as NumPy makes them: time grids of diffusers depend on its rounding.

/** Nearest integer, ties to even (NumPy's round; Math.round would send .5 up). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `count` evenly spaced numbers from `start` to `stop`, both included; [start] when count is 1. */
export function linspace(start: number, stop: number, count: number): number[] {
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => (i > 0 && i === count - 1 ? stop : start + i * step));
}
