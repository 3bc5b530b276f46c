// What a proof works on, once its split is known.

import type { ProofArm } from '../../core/domain/proof.ts';
import type { StepPlan } from '../../core/memory/plan.ts';
import type { ProofSplit } from '../../core/prove/split.ts';
import type { DatasetPicture, PackInfo, RunDevice, Services, StoredPicture } from '../services.ts';
import type { ProofSettings } from './presets.ts';

export interface ProofJob {
  readonly product: string;
  readonly split: ProofSplit;
  readonly arms: readonly ProofArm[];
  readonly settings: ProofSettings;
  readonly seeds: number;
  readonly seed: number;
  readonly pack: PackInfo;
  readonly device: RunDevice;
  readonly lowerings: Record<string, string>;
  readonly plan: StepPlan;
  /** By id. */
  readonly pictures: ReadonlyMap<string, DatasetPicture>;
  /** Accepted generated pictures that may be trained on. */
  readonly accepted: readonly StoredPicture[];
  readonly services: Pick<Services, 'training' | 'generation'>;
}

/** What decides which real pictures are decoded, and how. */
export type MaterialJob = Pick<ProofJob, 'split' | 'pictures' | 'seed'> & {
  readonly settings: Pick<ProofSettings, 'window'>;
};

/** Shots as training and generation take them, types by code point. */
export function shotPictures({ split, pictures }: Pick<ProofJob, 'split' | 'pictures'>): DatasetPicture[] {
  return split.shots.map((shot) => pictures.get(shot.id)!);
}

/** Types with shots, by code point. */
export function provenTypes({ split }: Pick<ProofJob, 'split'>): string[] {
  return split.types.filter((type) => type.shots > 0).map((type) => type.type);
}

/** Good pictures kept out of every training, so that thresholds see some: a fifth, at most four, none of fewer than five. */
const MOST_VALIDATION_GOODS = 4;

export function dividedNormals({ split, pictures }: Pick<ProofJob, 'split' | 'pictures'>): {
  training: DatasetPicture[];
  validation: DatasetPicture[];
} {
  const all = split.trainingNormals.map((normal) => pictures.get(normal.id)!);
  const kept = Math.min(MOST_VALIDATION_GOODS, Math.floor(all.length / 5));
  return { training: all.slice(0, all.length - kept), validation: all.slice(all.length - kept) };
}
