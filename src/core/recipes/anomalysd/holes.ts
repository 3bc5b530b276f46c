// What is blanked and repaired: grids of cells, halves of a checkerboard, random rectangles in training.

import type { Rng } from '../../base/rng.ts';
import type { Mask } from '../../image/raster.ts';
import { emptyMask, maskArea } from '../../image/raster.ts';
import type { AnomalySdSettings } from './settings.ts';

function cellHole(size: number, k: number, wanted: (row: number, column: number) => boolean): Mask {
  const hole = emptyMask(size, size);
  for (let i = 0; i < hole.data.length; i++) {
    const row = Math.floor((Math.floor(i / size) * k) / size);
    const column = Math.floor(((i % size) * k) / size);
    if (wanted(row, column)) hole.data[i] = 1;
  }
  return hole;
}

/** Every cell of a k x k grid as a hole of its own: k^2 runs. */
export function cellHoles(size: number, k: number): Mask[] {
  return Array.from({ length: k * k }, (_, n) => cellHole(size, k, (row, column) => row * k + column === n));
}

/** The two halves of a checkerboard of k x k cells: 2 runs; one cell alone is the whole window. */
export function checkerboardHoles(size: number, k: number): Mask[] {
  if (k === 1) return cellHoles(size, 1);
  return [0, 1].map((parity) => cellHole(size, k, (row, column) => (row + column) % 2 === parity));
}

/** One to four rectangles, at most `holeMost` of the window. */
function rectangles(size: number, settings: AnomalySdSettings, rng: Rng): Mask {
  const hole = emptyMask(size, size);
  const side = () =>
    Math.max(1, Math.round(size * rng.uniformIn(settings.rectangleLeast, settings.rectangleMost)));
  const wanted = 1 + rng.int(4);
  for (let n = 0; n < wanted; n++) {
    const [w, h] = [Math.min(size, side()), Math.min(size, side())];
    const [x, y] = [rng.int(size - w + 1), rng.int(size - h + 1)];
    const next = hole.data.slice();
    for (let row = y; row < y + h; row++) next.fill(1, row * size + x, row * size + x + w);
    const area = maskArea({ ...hole, data: next });
    if (n > 0 && area > settings.holeMost * size * size) break;
    hole.data.set(next);
    if (n + 1 === wanted && area < settings.holeLeast * size * size) n--;
  }
  return hole;
}

/**
 * A training hole on the product: what of it lies on the foreground, or all of it where that is nothing.
 * @param foreground [S,S], null where the product fills the window
 */
export function trainingHole(
  size: number,
  foreground: Mask | null,
  scales: readonly number[],
  settings: AnomalySdSettings,
  rng: Rng,
): Mask {
  const grid = () => {
    const k = rng.pick(scales);
    return rng.pick(rng.chance(0.5) ? checkerboardHoles(size, k) : cellHoles(size, k));
  };
  const hole = rng.chance(settings.rectangleShare) ? rectangles(size, settings, rng) : grid();
  if (foreground === null) return hole;
  const cut = { ...hole, data: hole.data.map((v, i) => v & foreground.data[i]) };
  return maskArea(cut) > 0 ? cut : hole;
}
