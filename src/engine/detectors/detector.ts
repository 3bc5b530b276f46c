// What a detector is to the rest of the engine: what it is trained from, and what a trained one does.
// `prove`, the export and the command line use this page and `train-detector.ts` only.

import type { Rng } from '../../core/base/rng.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { DetectorKind, DetectorSettings } from './settings.ts';
import type { DetectorSpec } from './spec.ts';

export type { DetectorWindow } from '../../core/recipes/detector/window.ts';

/**
 * Where training windows come from. Both are functions of `rng` alone (one stream per step and row), so that a
 * resumed or repeated training sees the same windows; turns, mirrors and exposure are the trainer's, the same for
 * every source. Batches are half good windows, half windows with a defect.
 */
export interface WindowSource {
  good(rng: Rng): DetectorWindow | Promise<DetectorWindow>;
  /** Null: no defects to learn from; foreign textures on good windows stand in for them. */
  readonly defect: ((rng: Rng) => DetectorWindow | Promise<DetectorWindow>) | null;
}

/** A real picture that training never sees and no reported figure rests on; a good one has an empty mask. */
export interface ValidationPicture {
  readonly raster: Raster;
  readonly mask: Mask;
}

/** The part of a run that a training needs; a RunContext is one. */
export interface DetectorContext {
  readonly signal: AbortSignal;
  progress(done: number, total: number, note?: string): void;
  /** Stores the state after a step. Where it is missing nothing is stored, and nothing is resumed. */
  checkpoint?(step: number, bytes: Uint8Array): Promise<void>;
  lastCheckpoint?(): Promise<{ readonly bytes: Uint8Array } | null>;
}

export interface DetectorRequest {
  readonly kind: DetectorKind;
  readonly source: WindowSource;
  /** Chooses the stopping point and the thresholds. Empty: the last step, and no thresholds. */
  readonly validation: readonly ValidationPicture[];
  /** Working px per native px (1: native resolution); windows of the source are already at it. */
  readonly scale: number;
  /** Code value of 1.0 of 16-bit pictures (image/window-crop.ts); 8-bit ones end at 255. */
  readonly white?: number;
  readonly seed: number;
  /** What differs from `DETECTOR_DEFAULTS[kind]`: steps, batch, rate, widths. */
  readonly settings?: Partial<DetectorSettings>;
  /** Folder of the pack whose encoder stands in for ImageNet features (`destseg`, `memory`). */
  readonly packPath?: string;
  readonly compile: CompileOptions;
}

export interface ScoreMap {
  readonly width: number;
  readonly height: number;
  /** [H,W] at the picture's own size; higher = more surely a defect. */
  readonly scores: Float32Array;
  /** The picture's score, by the rule of `spec.imageScore`. */
  readonly imageScore: number;
}

/** Two files: what `openDetector` reads back. */
export interface DetectorFiles {
  /** Safetensors. */
  readonly weights: Uint8Array;
  readonly spec: DetectorSpec;
}

/** A detector ready to score pictures; one call at a time. */
export interface Detector {
  readonly spec: DetectorSpec;
  /** Scores a whole picture of any size by overlapping windows; smaller ones are padded by reflection. */
  score(picture: Raster, signal?: AbortSignal): Promise<ScoreMap>;
  files(): DetectorFiles;
  release(): Promise<void>;
}

export interface TrainedDetector extends Detector {
  /** Steps, loss curve, validation curve, the step that was kept. */
  readonly summary: JsonObject;
}
