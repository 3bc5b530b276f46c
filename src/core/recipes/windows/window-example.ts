// One fine-tuning example of the windows method, and the mixture of kinds it is drawn from.

import type { Mask, Planes } from '../../image/raster.ts';

export type WindowKind = 'real' | 'pasted' | 'repair' | 'drawn';

/** One training window at working size S. */
export interface WindowExample {
  /** [3,S,S] 0..1. */
  readonly image: Planes;
  /** [S,S] the defect; empty for 'repair'. */
  readonly mask: Mask;
  /** [S,S] what is blanked. */
  readonly hole: Mask;
  readonly kind: WindowKind;
  /** Defect type; for 'repair' the type whose shape the hole has (the prompt is the normal one). */
  readonly type: string;
}

/** Relative weights of the kinds. */
export type Mixture = Readonly<Record<WindowKind, number>>;
export const DEFAULT_MIXTURE: Mixture = { real: 0.8, pasted: 0.15, repair: 0.05, drawn: 0 };
