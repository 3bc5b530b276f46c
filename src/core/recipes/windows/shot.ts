// The pictures the windows method works with.

import type { Mask, Raster } from '../../image/raster.ts';

/** One real defect picture with its mask (same size, not empty). */
export interface Shot {
  readonly raster: Raster;
  readonly mask: Mask;
  /** Defect type, e.g. `scratch`. */
  readonly type: string;
  /** File name or id, for messages and sheets. */
  readonly name: string;
}

/** One picture without defects and, once estimated or painted, where the product lies in it. */
export interface GoodPicture {
  readonly raster: Raster;
  /** Foreground of the product, picture size. */
  readonly foreground: Mask;
  readonly name: string;
}
