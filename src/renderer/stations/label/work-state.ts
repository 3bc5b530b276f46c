// What the station remembers: tool, layer, sizes, and how masks are shown.

import type { ToolName, ToolSettings } from '../../canvas/index.ts';

export type WorkState = {
  tool: ToolName;
  /** Empty: the first type. */
  layer: string;
  size: number;
  usePressure: boolean;
  tolerance: number;
  reach: number;
  opacity: number;
};

export const FIRST_STATE: WorkState = {
  tool: 'brush',
  layer: '',
  size: 12,
  usePressure: false,
  tolerance: 16,
  reach: 6,
  opacity: 0.45,
};

export function settingsOf({ size, usePressure, tolerance, reach }: WorkState): ToolSettings {
  return { size, usePressure, tolerance, reach };
}

/** One key press smaller or larger: finer for small brushes. */
export function nextSize(size: number, way: 1 | -1): number {
  const step = size < 10 ? 1 : size < 30 ? 2 : Math.round(size / 10);
  return Math.max(1, Math.min(600, size + way * step));
}

/** [r,g,b] of '#rrggbb'. */
export function rgbOf(colour: string): [number, number, number] {
  const n = Number.parseInt(colour.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
