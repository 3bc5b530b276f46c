// What a preset of AnoGen's embedding training means, on each kind of base model.

import type { BackboneKind } from '../../backbones/backbone.ts';

export interface AnoGenPreset {
  readonly steps: number;
  /** Drawn windows of the real defects, encoded once. */
  readonly windows: number;
  readonly rows: number;
}

export type PresetName = 'quick' | 'balanced' | 'best';

const WINDOW: Readonly<Record<PresetName, AnoGenPreset>> = {
  quick: { steps: 200, windows: 160, rows: 8 },
  balanced: { steps: 500, windows: 320, rows: 8 },
  best: { steps: 1500, windows: 640, rows: 8 },
};

/** `best` is the released 6,100 updates of 4 pictures. */
const PICTURE: Readonly<Record<PresetName, AnoGenPreset>> = {
  quick: { steps: 400, windows: 24, rows: 2 },
  balanced: { steps: 1500, windows: 48, rows: 4 },
  best: { steps: 6100, windows: 96, rows: 4 },
};

export function anoGenPreset(kind: BackboneKind, name: PresetName, steps: number | null): AnoGenPreset {
  const preset = (kind === 'window' ? WINDOW : PICTURE)[name];
  if (steps === null) return preset;
  return { ...preset, steps, windows: Math.min(preset.windows, 8 * Math.ceil((steps * preset.rows) / 8)) };
}
