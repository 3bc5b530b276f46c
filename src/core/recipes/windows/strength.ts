// Makes a drawn defect fainter or stronger without touching what it did not change.

import { invariant } from '../../base/errors.ts';
import { maxValue, type Raster } from '../../image/raster.ts';

/** source + strength * (result - source) in code values, clipped; 1 gives `result`. Equal samples stay equal. */
export function withStrength(source: Raster, result: Raster, strength: number): Raster {
  invariant(
    source.data.length === result.data.length && source.channels === result.channels,
    'strength of a defect in another picture',
  );
  if (strength === 1) return result;
  const data = result.data.slice();
  const most = maxValue(result);
  for (let i = 0; i < data.length; i++) {
    const change = result.data[i] - source.data[i];
    if (change !== 0) data[i] = Math.min(most, Math.max(0, Math.round(source.data[i] + strength * change)));
  }
  return { ...result, data };
}
