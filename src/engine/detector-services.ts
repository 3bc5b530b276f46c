// What the handlers need done to train a detector that a user carries away.

import type { JsonObject } from '../core/domain/json.ts';
import type { ProofSplit } from '../core/prove/split.ts';
import type { PackInfo } from './pack-services.ts';
import type { DatasetPicture, RunDevice, StoredPicture } from './services.ts';

export interface DetectorJob {
  kind: 'unet' | 'draem' | 'destseg' | 'memory';
  split: ProofSplit;
  /** By id. */
  pictures: ReadonlyMap<string, DatasetPicture>;
  /** Accepted generated pictures that are trained on beside the real ones. */
  accepted: readonly StoredPicture[];
  seed: number;
  /** Settings in place of the kind's. */
  settings: Record<string, number>;
  pack: PackInfo;
  device: RunDevice;
  lowerings: Record<string, string>;
  /** Folder to make. */
  out: string;
  engineVersion: string;
}

export interface DetectorCall {
  signal: AbortSignal;
  onProgress: (done: number, total: number, note?: string) => void;
  log: (message: string) => void;
}

export interface TrainedDetectorFacts {
  out: string;
  files: string[];
  thresholds: { pixel: number | null; image: number | null };
  /** Working px per native px. */
  scale: number;
  window: number;
  /** Real defects, good pictures and generated pictures it was trained on, and pictures that validated. */
  shots: number;
  normals: number;
  generated: number;
  validation: number;
  /** Whether real pictures validated, or changed copies of the shots. */
  validatedOnShots: boolean;
  summary: JsonObject;
}

export interface DetectorService {
  /** Trains and writes the folder; the same job after a kill goes on where it was. */
  train(job: DetectorJob, call: DetectorCall): Promise<TrainedDetectorFacts>;
}
