// What a preset of the AnomalySD fine-tune means, on each kind of base model.

import type { BackboneKind } from '../../backbones/backbone.ts';

export interface AnomalySdPreset {
  /** Updates of the denoiser and of the decoder. */
  readonly steps: number;
  readonly decoderSteps: number;
  /** Drawn windows of the good pictures, encoded once. */
  readonly windows: number;
  readonly rows: number;
  readonly decoderRows: number;
}

export type PresetName = 'quick' | 'balanced' | 'best';

const QUICK: AnomalySdPreset = { steps: 200, decoderSteps: 60, windows: 160, rows: 8, decoderRows: 4 };

const WINDOW: Readonly<Record<PresetName, AnomalySdPreset>> = {
  quick: QUICK,
  balanced: { ...QUICK, steps: 500, decoderSteps: 150, windows: 320 },
  best: { ...QUICK, steps: 2000, decoderSteps: 400, windows: 800 },
};

/** Shares of the 4,000 and 400 updates that methods.md recommends. */
const PICTURE: Readonly<Record<PresetName, AnomalySdPreset>> = {
  quick: { steps: 200, decoderSteps: 40, windows: 32, rows: 2, decoderRows: 1 },
  balanced: { steps: 1000, decoderSteps: 100, windows: 64, rows: 4, decoderRows: 2 },
  best: { steps: 4000, decoderSteps: 400, windows: 128, rows: 8, decoderRows: 2 },
};

/** The preset; with another number of updates the decoder's follow in proportion. */
export function anomalySdPreset(kind: BackboneKind, name: PresetName, steps: number | null): AnomalySdPreset {
  const preset = (kind === 'window' ? WINDOW : PICTURE)[name];
  if (steps === null) return preset;
  const decoderSteps = Math.max(1, Math.round((steps * preset.decoderSteps) / preset.steps));
  return {
    ...preset,
    steps,
    decoderSteps,
    windows: Math.min(preset.windows, 8 * Math.ceil((steps * preset.rows) / 8)),
  };
}
