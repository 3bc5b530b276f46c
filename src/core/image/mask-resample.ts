// Brings a native mask to a window's working size without losing thin scratches and specks.

import { labelComponents } from './components.ts';
import type { Mask, Rect } from './raster.ts';
import { emptyMask } from './raster.ts';
import type { Border } from './resample.ts';
import { makeTaps, resampleChannel } from './resample.ts';

/** Share of every window cell that the mask covers, [height,width], 0..1. */
export function maskCoverage(
  mask: Mask,
  rect: Rect,
  width: number,
  height: number,
  border: Border = 'reflect',
): Float32Array {
  const out = new Float32Array(width * height);
  // Enlarging: exact area would give the pixels' staircase, so the edge is interpolated instead.
  const kernelX = rect.width >= width ? 'box' : 'triangle';
  const kernelY = rect.height >= height ? 'box' : 'triangle';
  const tapsX = makeTaps(mask.width, rect.x, rect.width, width, kernelX, border);
  const tapsY = makeTaps(mask.height, rect.y, rect.height, height, kernelY, border);
  const channel = { data: mask.data, offset: 0, step: 1, rowStride: mask.width };
  resampleChannel(channel, tapsX, tapsY, out, 0, 1);
  return out;
}

const HALF = 0.5 - 1e-4;
/** A structure counts as thin where five cells across it hold less than this many cells of mask. */
const THIN_RUN = 1.5;
const EPS = 1e-4;

/**
 * Window mask [height,width] that loses neither thin scratches nor specks; see binarise. border: 'reflect' where the
 * picture in the window is mirrored and shows the defect again (training), 'zero' where only the picture's own pixels
 * count (generation).
 */
export function resampleMask(
  mask: Mask,
  rect: Rect,
  width: number,
  height: number,
  border: Border = 'reflect',
): Mask {
  return binarise(maskCoverage(mask, rect, width, height, border), width, height);
}

/**
 * Binary mask from the share of every cell that is covered. A cell is set
 * (a) where half of it is covered (unbiased for everything thicker than a cell);
 * (b) where a structure thinner than a cell passes: the fullest cell across it, if the structure goes on to both
 *     sides along it, so that a 1 px scratch stays one connected line at any scale;
 * (c) once per speck that (a) and (b) missed: its fullest cell. So nothing that was covered at all is lost.
 */
export function binarise(cover: Float32Array, width: number, height: number): Mask {
  const out = emptyMask(width, height);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : cover[y * width + x];
  // dx, dy point across the structure; the other axis runs along it.
  const ridge = (x: number, y: number, dx: number, dy: number): boolean => {
    const v = at(x, y);
    if (v < at(x - dx, y - dy) || v <= at(x + dx, y + dy)) return false;
    if (
      v + at(x - dx, y - dy) + at(x + dx, y + dy) + at(x - 2 * dx, y - 2 * dy) + at(x + 2 * dx, y + 2 * dy) >
      THIN_RUN
    )
      return false;
    let before = 0;
    let after = 0;
    for (let k = -1; k <= 1; k++) {
      before += at(x - dy + k * dx, y - dx + k * dy);
      after += at(x + dy + k * dx, y + dx + k * dy);
    }
    return before > EPS && after > EPS;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const v = cover[y * width + x];
      if (v >= HALF || (v > EPS && (ridge(x, y, 1, 0) || ridge(x, y, 0, 1)))) out.data[y * width + x] = 1;
    }
  }
  keepEverySpeck(cover, out);
  return out;
}

function keepEverySpeck(cover: Float32Array, out: Mask): void {
  const touched = emptyMask(out.width, out.height);
  for (let i = 0; i < cover.length; i++) if (cover[i] > EPS) touched.data[i] = 1;
  const { labels, components } = labelComponents(touched);
  const best = new Int32Array(components.length + 1).fill(-1);
  const kept = new Uint8Array(components.length + 1);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === 0) continue;
    if (out.data[i] !== 0) kept[label] = 1;
    const b = best[label];
    if (b < 0 || cover[i] > cover[b]) best[label] = i;
  }
  for (const { label } of components) {
    if (kept[label] === 0) out.data[best[label]] = 1;
  }
}
