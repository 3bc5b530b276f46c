// What a trained detector is besides its weights: everything needed to prepare a picture and to read the map.

import type { DetectorKind, DetectorSettings } from './settings.ts';

/** How a picture's score follows from its map. */
export type ImageScoreRule =
  | { readonly rule: 'max' }
  /** Largest mean over a square of `size` px (odd) of the map at working scale. */
  | { readonly rule: 'pooledMax'; readonly size: number }
  /** Mean of the `count` highest values of the map at working scale. */
  | { readonly rule: 'topMean'; readonly count: number };

/** From validation pictures only; null where they could not give one. */
export interface DetectorThresholds {
  /** Pixel score of the best pooled IoU. */
  readonly pixel: number | null;
  /** Picture score of the best F1. */
  readonly image: number | null;
}

export interface DetectorSpec {
  readonly version: 1;
  readonly kind: DetectorKind;
  readonly settings: DetectorSettings;
  /** Working px per native px. */
  readonly scale: number;
  /** Code value of 1.0 of 16-bit pictures, null where all are 8 bit. */
  readonly white: number | null;
  readonly imageScore: ImageScoreRule;
  readonly thresholds: DetectorThresholds;
}
