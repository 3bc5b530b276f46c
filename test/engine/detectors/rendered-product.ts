// A small rendered product for detector tests: the demo's ring at a quarter of its size, good and stained.

import type { Mask, Raster } from '../../../src/core/image/raster.ts';
import { emptyMask } from '../../../src/core/image/raster.ts';
import {
  goodWindows,
  type LabelledPicture,
  shotWindows,
} from '../../../src/core/recipes/detector/shot-windows.ts';
import { renderDemoPicture } from '../../../src/core/render/demo-product.ts';
import type { DetectorRequest, WindowSource } from '../../../src/engine/detectors/detector.ts';

/** Working px per native px, and the window's side. */
export const SCALE = 0.25;
export const SIDE = 64;

export interface RenderedPicture extends LabelledPicture {
  readonly raster: Raster;
  readonly mask: Mask;
}

export function stained(seed: number): RenderedPicture {
  const { raster, mask } = renderDemoPicture(seed, 'stain');
  return { raster, mask: mask as Mask, type: 'stain' };
}

export function good(seed: number): RenderedPicture {
  const { raster } = renderDemoPicture(seed, 'good');
  return { raster, mask: emptyMask(raster.width, raster.height), type: 'good' };
}

/** Windows of three stained and three good pieces. */
export function renderedSource(): WindowSource {
  const geometry = { side: SIDE, scale: SCALE };
  return {
    good: goodWindows([10, 11, 12].map(good), geometry),
    defect: shotWindows([0, 1, 2].map(stained), geometry),
  };
}

export const request = (
  source: WindowSource,
  kind: DetectorRequest['kind'],
  settings: DetectorRequest['settings'] = {},
): DetectorRequest => ({
  kind,
  source,
  validation: [],
  scale: SCALE,
  seed: 0,
  settings: { window: SIDE, ...settings },
  compile: { threads: 1 },
});
