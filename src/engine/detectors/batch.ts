// The windows of one update: drawn, turned and exposed; every draw from a stream of its own.

import { namedRng, type Rng } from '../../core/base/rng.ts';
import { augmented } from '../../core/recipes/detector/augment.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import { foreignDefect } from '../../core/recipes/procedural/foreign-defect.ts';
import type { WindowSource } from './detector.ts';
import type { DetectorSettings } from './settings.ts';

/** Micro-batches of an update, whatever the number of threads; they run side by side where there are threads. */
export const PARTS = 2;

/** A window with a defect: of the source, or a foreign texture on one of its good windows. */
async function drawDefect(
  source: WindowSource,
  { procedural, window }: DetectorSettings,
  rng: Rng,
): Promise<DetectorWindow> {
  if (source.defect !== null && !rng.chance(procedural)) return source.defect(rng);
  const { image: clean } = await source.good(rng);
  return { kind: 'procedural', clean, ...foreignDefect(clean, window, rng.fork('foreign')) };
}

/** `PARTS` lists of windows, good ones and defects in the same proportion in each. */
export async function drawBatch(
  source: WindowSource,
  settings: DetectorSettings,
  seed: number,
  update: number,
): Promise<DetectorWindow[][]> {
  const { batch, good, window } = settings;
  const defects = Math.round(batch * (1 - good));
  const parts: DetectorWindow[][] = Array.from({ length: PARTS }, () => []);
  for (let k = 0; k < batch; k++) {
    const rng = namedRng(seed, `detector/${update}/${k}`);
    const drawn = k < defects ? await drawDefect(source, settings, rng) : await source.good(rng);
    parts[k % PARTS].push(augmented(drawn, window, rng.fork('turn')));
  }
  return parts;
}
