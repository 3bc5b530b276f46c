// Wilson's score interval for a share (Wilson, JASA 1927): honest for few trials and for shares near 0 and 1.

import { invariant } from '../base/errors.ts';

/** Two-sided 95 %. */
export const Z95 = 1.959964;

/** Interval of the share `hits / trials`, both ends within 0..1. */
export function wilsonInterval(hits: number, trials: number, z = Z95): { low: number; high: number } {
  invariant(trials > 0 && hits >= 0 && hits <= trials, `${hits} of ${trials}`);
  const p = hits / trials;
  const spread = (z * z) / trials;
  const centre = (p + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((p * (1 - p)) / trials + spread / (4 * trials));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
