// What the window and its pixel worker say to each other.

import type { Patch } from '../../core/image/flood.ts';
import type { Mask } from '../../core/image/raster.ts';

export type PixelRequest =
  | { kind: 'picture'; blob: Blob }
  | { kind: 'wand'; id: number; x: number; y: number; tolerance: number }
  /** `mask` lies at (x, y) of the picture. */
  | { kind: 'snap'; id: number; x: number; y: number; mask: Mask; reach: number };

export interface PixelAnswer {
  id: number;
  patch: Patch | null;
  error?: string;
}
