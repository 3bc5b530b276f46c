// Which pixels count as defect: where the shape lies and the picture changed, or where it changed much.

import { gauss } from './tools/blur.ts';
import { type Field, PIXELS, type Picture, SIDE } from './tools/field.ts';

/** The shape counts from this alpha on. */
export const SHAPE_ALPHA = 0.3;
/** Mean absolute change over RGB that can be seen inside the shape, and anywhere. */
const VISIBLE_INSIDE = 0.012;
const VISIBLE_ANYWHERE = 0.06;

/** Smallest and largest share of the window a defect may cover. */
export const MIN_SHARE = 0.0015;
export const MAX_SHARE = 0.3;

/** [128,128], 0 or 1; both pictures clipped to 0..1. */
export function defectMask(before: Picture, after: Picture, alpha: Field): Uint8Array {
  const change = new Float32Array(PIXELS);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < PIXELS; i++)
      change[i] += Math.abs(after[c * PIXELS + i] - before[c * PIXELS + i]) / 3;
  const smooth = gauss(change, 0.6);
  const mask = new Uint8Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) {
    const inside = alpha[i] > SHAPE_ALPHA && smooth[i] > VISIBLE_INSIDE;
    mask[i] = inside || smooth[i] > VISIBLE_ANYWHERE ? 1 : 0;
  }
  return mask;
}

export function maskShare(mask: Uint8Array): number {
  let area = 0;
  for (const v of mask) area += v;
  return area / PIXELS;
}

/** Share of the window the shape itself covers. */
export function shapeShare(alpha: Field): number {
  let area = 0;
  for (const a of alpha) if (a > SHAPE_ALPHA) area++;
  return area / PIXELS;
}

export function validShare(share: number): boolean {
  return share >= MIN_SHARE && share <= MAX_SHARE;
}

/** A defect ends this many pixels (along either axis) from its mask. */
export const HALO = 8;

/** The mask grown by `reach` pixels along both axes (a square). */
export function dilated(mask: Uint8Array, reach: number): Uint8Array {
  const rows = new Uint8Array(PIXELS);
  const out = new Uint8Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) {
    if (mask[i] === 0) continue;
    const x = i % SIDE;
    rows.fill(1, i - Math.min(x, reach), i + Math.min(SIDE - 1 - x, reach) + 1);
  }
  for (let i = 0; i < PIXELS; i++) {
    if (rows[i] === 0) continue;
    const y = Math.floor(i / SIDE);
    const last = Math.min(SIDE - 1, y + reach);
    for (let v = Math.max(0, y - reach); v <= last; v++) out[v * SIDE + (i % SIDE)] = 1;
  }
  return out;
}

/** In place: takes back what cannot be seen far from the mask, so that a sample is normal outside its halo. */
export function restoreOutside(after: Picture, before: Picture, mask: Uint8Array): Picture {
  const near = dilated(mask, HALO);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < PIXELS; i++) if (near[i] === 0) after[c * PIXELS + i] = before[c * PIXELS + i];
  return after;
}
