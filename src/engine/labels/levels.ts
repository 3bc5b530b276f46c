// The range of code values a deep picture really uses, so that it can be shown with contrast.

import type { Raster } from '../../core/image/raster.ts';

/** Share of pixels left out at either end. */
const TAIL = 0.005;

/** Code values of which 0.5 % are darker and 0.5 % brighter, over all channels; null for 8 bit. */
export function levelsOf({ data }: Raster): { low: number; high: number } | null {
  if (!(data instanceof Uint16Array)) return null;
  const counts = new Uint32Array(65_536);
  for (const value of data) counts[value]++;
  const at = (share: number): number => {
    let left = share * data.length;
    let value = 0;
    while (value < 65_535 && left >= counts[value]) left -= counts[value++];
    return value;
  };
  const low = at(TAIL);
  return { low, high: Math.max(low + 1, at(1 - TAIL)) };
}
