// What the presets of a proof mean: one for all products, chosen on validation shots and rendered products.

import type { ProofPreset } from '../../core/domain/proof.ts';

export interface ProofSettings {
  /** Preset of the fine-tune, and its updates where they differ from the preset's. */
  readonly fineTune: 'quick' | 'balanced' | 'best';
  readonly fineTuneSteps: number | null;
  /** Generated pictures per generator and seed, over all types. */
  readonly generated: number;
  /** How far `blend` goes from the pasted defect, 0..1; null: the generator's own. */
  readonly variation: number | null;
  /** Updates of every detector, whatever its arm. */
  readonly detectorSteps: number;
  /** Side of a detector's window, working px. */
  readonly window: number;
}

const QUICK: ProofSettings = {
  fineTune: 'quick',
  fineTuneSteps: null,
  generated: 72,
  variation: null,
  detectorSteps: 260,
  window: 128,
};

export const PROOF_SETTINGS: Readonly<Record<ProofPreset, ProofSettings>> = {
  quick: QUICK,
  balanced: { ...QUICK, fineTune: 'balanced', generated: 120, detectorSteps: 400 },
  best: { ...QUICK, fineTune: 'best', generated: 200, detectorSteps: 700 },
};
