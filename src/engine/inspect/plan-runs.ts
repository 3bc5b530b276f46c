// Which repairs a mode makes of a window.

import type { Mask } from '../../core/image/raster.ts';
import { cellHoles, checkerboardHoles } from '../../core/recipes/anomalysd/holes.ts';
import { type AnomalySdSettings, gridScales } from '../../core/recipes/anomalysd/settings.ts';

export type InspectMode = 'fast' | 'full';

/** Holes per scale; those of a scale tile the window. */
export function scaleHoles(settings: AnomalySdSettings, mode: InspectMode, size: number): Mask[][] {
  const scales = gridScales(mode === 'fast' ? settings.scalesFast : settings.scalesFull);
  return scales.map((k) => (mode === 'fast' ? checkerboardHoles(size, k) : cellHoles(size, k)));
}

/** Repairs of a window, the prototype-guided one included, for every prompt level. */
export function runsPerWindow(settings: AnomalySdSettings, mode: InspectMode, levels: number): number {
  const cells = scaleHoles(settings, mode, 16).reduce((n, holes) => n + holes.length, 0);
  return levels * (cells + (settings.alpha > 0 ? 1 : 0));
}
