// What a preset of the SeaS fine-tune means. Steps do not grow with the number of defect types.

import type { AttentionForm } from '../../../core/recipes/seas/attention-maps.ts';

export interface SeasPreset {
  readonly steps: number;
  /** Updates of the mask network. */
  readonly maskSteps: number;
  /** Drawn windows with defects, and good ones, encoded once. */
  readonly windows: number;
  readonly normals: number;
  readonly rows: { readonly windows: number; readonly anomalies: number; readonly normals: number };
  readonly rate: number;
  /** Rate of low-rank adapters, where they are trained instead. */
  readonly adapterRate: number;
  readonly tokenRate: number;
  readonly warmup: number;
  readonly form: AttentionForm;
  readonly alignment: number;
}

const QUICK: SeasPreset = {
  steps: 280,
  maskSteps: 300,
  windows: 320,
  normals: 64,
  rows: { windows: 4, anomalies: 2, normals: 2 },
  rate: 3e-4,
  adapterRate: 1e-3,
  tokenRate: 1e-2,
  warmup: 20,
  form: 'code',
  alignment: 0.3,
};

/** Examples are drawn and encoded in eights. */
const wholeEights = (n: number) => 8 * Math.ceil(n / 8);

/** A preset with another number of updates: the mask network's follow in proportion, and no example is drawn unseen. */
export function withSteps(preset: SeasPreset, steps: number | null): SeasPreset {
  if (steps === null) return preset;
  const share = preset.maskSteps / preset.steps;
  const { windows, normals } = preset.rows;
  return {
    ...preset,
    steps,
    maskSteps: Math.max(1, Math.round(steps * share)),
    windows: Math.min(preset.windows, wholeEights(Math.max(16, steps * windows))),
    normals: Math.min(preset.normals, wholeEights(steps * normals)),
  };
}

export const SEAS_PRESETS: Readonly<Record<'quick' | 'balanced' | 'best', SeasPreset>> = {
  quick: QUICK,
  balanced: { ...QUICK, steps: 700, maskSteps: 700, windows: 640, normals: 128 },
  best: { ...QUICK, steps: 2000, maskSteps: 1500, windows: 1200, normals: 256 },
};
