// One rendered training sample: the same window normal and defective, the exact mask, and the words for it.

import { namedRng } from '../base/rng.ts';
import { drawCamera, photograph } from './camera/camera.ts';
import { type Defect, drawDefect } from './defect.ts';
import { drawScene, type Scene } from './scene/scene.ts';
import type { SampleWords } from './words.ts';

export interface RenderedSample {
  /** [3,128,128], 0..1. */
  normal: Float32Array;
  /** [3,128,128], 0..1; differs from `normal` only around the mask. */
  defect: Float32Array;
  /** [128,128], 0 or 1. */
  mask: Uint8Array;
  words: SampleWords;
}

/** Scene and defect before the camera, for tests and previews. */
export function composeSample(seed: number): { scene: Scene; defect: Defect } {
  const scene = drawScene(namedRng(seed, 'render/scene'));
  return { scene, defect: drawDefect(namedRng(seed, 'render/defect'), scene) };
}

/** Sample i is seed i: any subset can be made again, in any order. */
export function renderSample(seed: number): RenderedSample {
  const { scene, defect } = composeSample(seed);
  const camera = drawCamera(namedRng(seed, 'render/camera'));
  return {
    normal: photograph(camera, scene.picture),
    defect: photograph(camera, defect.picture),
    mask: defect.mask,
    words: { surface: scene.surface, ...defect.words },
  };
}
