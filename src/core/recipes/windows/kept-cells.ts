// Which latent cells of a window stay as they are.

import { LATENT, WINDOW } from '../pack/condition.ts';

const CELL = WINDOW / LATENT;

/** [32,32]: 1 in cells that the hole [128,128] does not touch. */
export function keptCells(hole: Uint8Array): Uint8Array {
  const keep = new Uint8Array(LATENT * LATENT).fill(1);
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) keep[Math.floor(i / WINDOW / CELL) * LATENT + Math.floor((i % WINDOW) / CELL)] = 0;
  }
  return keep;
}
