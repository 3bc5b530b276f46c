// How much a mark stands out from its surroundings, and how restless the surface itself is: one measure for real and made pictures.

import { blurPlanes } from '../../image/blur.ts';
import { cropMask } from '../../image/mask-ops.ts';
import { dilate } from '../../image/morphology.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import { maskBounds } from '../../image/raster.ts';
import { growRect, intersectRect, longSide, pictureRect } from '../../image/rect.ts';
import { cropToPlanes } from '../../image/window-crop.ts';

/** The ring starts this many px outside the mask: beyond the edit region. */
const RING_START = 5;

/** Width of the ring, native px: a third of the mark's long side, 6..40. */
export function ringWidth(bounds: Rect): number {
  return Math.round(Math.min(40, Math.max(6, longSide(bounds) / 3)));
}

/** Crop of a picture around a mask, with the ring. */
export interface Surroundings {
  readonly rect: Rect;
  /** [3,h,w] 0..1. */
  readonly pixels: Planes;
  readonly inside: Mask;
  /** Ring around the mask, on the product where it is known and leaves enough of it. */
  readonly ring: Mask;
}

/** Cuts out the mask's surroundings; null for an empty mask. */
export function surroundings(
  raster: Raster,
  mask: Mask,
  foreground: Mask | null,
  white?: number,
): Surroundings | null {
  const bounds = maskBounds(mask);
  if (bounds === null) return null;
  const width = ringWidth(bounds);
  const rect = intersectRect(growRect(bounds, RING_START + width), pictureRect(raster)) as Rect;
  const inside = cropMask(mask, rect);
  const inner = dilate(inside, RING_START - 1);
  const ring = dilate(inner, width);
  for (let i = 0; i < ring.data.length; i++) ring.data[i] &= 1 - inner.data[i];
  const pixels = cropToPlanes(raster, rect, rect.width, rect.height, { white });
  return {
    rect,
    pixels,
    inside,
    ring: foreground === null ? ring : onProduct(ring, cropMask(foreground, rect)),
  };
}

function onProduct(ring: Mask, foreground: Mask): Mask {
  const data = ring.data.map((v, i) => v & foreground.data[i]);
  let [all, kept] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    all += ring.data[i];
    kept += data[i];
  }
  return kept >= Math.max(8, 0.1 * all) ? { ...ring, data } : ring;
}

/** Mean over the three channels of |mean inside - mean in the ring|, 0..1. */
export function ringContrast(s: Surroundings): number {
  const area = s.inside.data.length;
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    let [inSum, inCount, ringSum, ringCount] = [0, 0, 0, 0];
    for (let i = 0; i < area; i++) {
      const v = s.pixels.data[c * area + i];
      if (s.inside.data[i] !== 0) {
        inSum += v;
        inCount++;
      } else if (s.ring.data[i] !== 0) {
        ringSum += v;
        ringCount++;
      }
    }
    if (inCount > 0 && ringCount > 0) sum += Math.abs(inSum / inCount - ringSum / ringCount);
  }
  return sum / 3;
}

/** Contrast of a mark in a picture; 0 for an empty mask. */
export function contrastOf(raster: Raster, mask: Mask, foreground: Mask | null, white?: number): number {
  const s = surroundings(raster, mask, foreground, white);
  return s === null ? 0 : ringContrast(s);
}

/** Fine structure is what a Gaussian of this sigma (px) removes. */
const FINE_SIGMA = 2;

/**
 * Sigma of the surface's fine structure and sensor noise over the given places, 0..1: 1.4826 * median of
 * |pixel - blurred pixel|, mean over the channels. Robust: the mark's own edges do not count.
 */
export function fineSigma(pixels: Planes, where: Mask): number {
  const blurred = blurPlanes(pixels, FINE_SIGMA);
  const area = pixels.width * pixels.height;
  let sum = 0;
  for (let c = 0; c < pixels.channels; c++) {
    const values: number[] = [];
    for (let i = 0; i < area; i++) {
      if (where.data[i] !== 0) values.push(Math.abs(pixels.data[c * area + i] - blurred.data[c * area + i]));
    }
    values.sort((a, b) => a - b);
    sum += values.length === 0 ? 0 : 1.4826 * values[values.length >> 1];
  }
  return sum / pixels.channels;
}

/** Median of a list, mean of the middle two for an even count; 0 for an empty one. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const mid = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[mid] : (sorted[mid - 1] + sorted[mid]) / 2;
}
