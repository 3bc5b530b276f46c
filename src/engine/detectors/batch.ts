// The windows of one update: drawn, turned and exposed; every draw from a stream of its own.

import { namedRng } from '../../core/base/rng.ts';
import { augmented } from '../../core/recipes/detector/augment.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import type { WindowSource } from './detector.ts';
import type { DetectorSettings } from './settings.ts';

/** Micro-batches of an update, whatever the number of threads; they run side by side where there are threads. */
export const PARTS = 2;

/** `PARTS` lists of windows, good ones and defects in the same proportion in each. */
export async function drawBatch(
  source: WindowSource,
  { batch, good, window }: DetectorSettings,
  seed: number,
  update: number,
): Promise<DetectorWindow[][]> {
  const defects = source.defect === null ? 0 : Math.round(batch * (1 - good));
  const parts: DetectorWindow[][] = Array.from({ length: PARTS }, () => []);
  for (let k = 0; k < batch; k++) {
    const rng = namedRng(seed, `detector/${update}/${k}`);
    const draw = k < defects && source.defect ? source.defect : source.good;
    parts[k % PARTS].push(augmented(await draw(rng), window, rng.fork('turn')));
  }
  return parts;
}
