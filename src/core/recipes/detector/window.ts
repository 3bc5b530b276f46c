// One training window of a detector.

/** Where a window's defect comes from; good windows have none. */
export type DetectorWindowKind = 'good' | 'real' | 'generated' | 'pasted' | 'procedural';

export interface DetectorWindow {
  readonly kind: DetectorWindowKind;
  /** [3,S,S], 0..1. */
  readonly image: Float32Array;
  /** [S,S], 1 = defect; all 0 for a good window. */
  readonly mask: Uint8Array;
  /** [3,S,S]: the same window without its defect, where that is known (generated and procedural ones). */
  readonly clean?: Float32Array;
  /** The mask is a box that holds good pixels too (AnoGen): the weak loss counts for this window. */
  readonly weak?: boolean;
}
