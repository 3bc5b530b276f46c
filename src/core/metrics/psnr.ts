// Peak signal-to-noise ratio: how close a reconstruction is, in decibels.

import { invariant } from '../base/errors.ts';

/**
 * 10 log10(peak^2 / mean squared difference), in dB; equal arrays give Infinity.
 * @param peak largest possible value: 1 for pictures in 0..1, 2 for -1..1, 255 for 8 bit
 */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>, peak = 1): number {
  invariant(a.length === b.length && a.length > 0, `psnr of ${a.length} and ${b.length} values`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((peak * peak * a.length) / sum);
}
