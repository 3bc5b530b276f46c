// What a proof trains: one detector per seed and arm, seeds outermost, so that early cells can be compared.

import type { ProofArm } from '../domain/proof.ts';

/** Share of the defect windows that are real in every arm but `real`. */
export const REAL_SHARE = 1 / 3;

/** Where an arm's other defect windows come from; null: real ones only. */
export const SOURCES = {
  real: null,
  'real+procedural': 'procedural',
  'real+paste': 'paste',
  'real+windows': 'windows',
  'real+blend': 'blend',
  'real+seas': 'seas',
  'real+accepted': 'accepted',
} as const satisfies Record<ProofArm, string | null>;

/** Generators that a proof runs for its arms, on the shots alone. */
export const PROOF_GENERATORS = ['paste', 'windows', 'blend', 'seas'] as const;
export type ProofGenerator = (typeof PROOF_GENERATORS)[number];

export interface Cell {
  readonly arm: ProofArm;
  readonly seed: number;
}

/** `seeds` seeds from `first` on. */
export function planCells(arms: readonly ProofArm[], seeds: number, first: number): Cell[] {
  return Array.from({ length: seeds }, (_, k) => arms.map((arm) => ({ arm, seed: first + k }))).flat();
}

export function generatorsOf(arms: readonly ProofArm[]): ProofGenerator[] {
  return PROOF_GENERATORS.filter((generator) => arms.some((arm) => SOURCES[arm] === generator));
}

/** Paste needs no network; everything else comes from the fine-tune. */
export function needsFineTune(arms: readonly ProofArm[]): boolean {
  return generatorsOf(arms).some((generator) => generator !== 'paste');
}
