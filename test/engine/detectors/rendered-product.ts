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

const rendered = new Map<string, RenderedPicture>();

/** Rendering takes longer than anything a test does with the picture. */
function once(seed: number, type: 'stain' | 'good'): RenderedPicture {
  const known = rendered.get(`${type} ${seed}`);
  if (known) return known;
  const { raster, mask } = renderDemoPicture(seed, type);
  const picture: RenderedPicture = { raster, mask: mask ?? emptyMask(raster.width, raster.height), type };
  rendered.set(`${type} ${seed}`, picture);
  return picture;
}

export const stained = (seed: number): RenderedPicture => once(seed, 'stain');
export const good = (seed: number): RenderedPicture => once(seed, 'good');

/** Windows of three stained and three good pieces. */
export function renderedSource(side = SIDE): WindowSource {
  const geometry = { side, scale: SCALE };
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
