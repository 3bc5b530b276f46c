// Puts a generated window back into its picture: changed only inside the edit region, every other pixel bit for bit.

import { invariant } from '../../base/errors.ts';
import { blurPlane } from '../../image/blur.ts';
import { cropMask } from '../../image/mask-ops.ts';
import { dilate } from '../../image/morphology.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import { assertSameSize, maskBounds } from '../../image/raster.ts';
import { growRect, intersectRect, pictureRect } from '../../image/rect.ts';
import { resizePart } from '../../image/resample.ts';
import { colourCount, copyRaster, cropToPlanes, toCode, whiteOf } from '../../image/window-crop.ts';

/** The edit region is the mask grown by at most this many native px (Chebyshev). */
export const EDIT_GROW_PX = 4;

export interface CompositeOptions {
  /** Growth of the edit region, 0..4 native px; default 4. */
  readonly growPx?: number;
  /** Sigma of the alpha's soft rim, native px; default 1. */
  readonly featherPx?: number;
  /** Code value of 1.0; default 255 or 65535. */
  readonly white?: number;
  /** Keeps the source's own fine detail where the window changed little, 0..1; default 1. */
  readonly detail?: number;
}

/** A change of this size (0..1) keeps 37 % of the source's fine detail, twice as much 2 %. */
const DETAIL_CHANGE = 16 / 255;

/** Where pixels may change: the mask grown by `growPx` (Chebyshev). */
export function editRegion(mask: Mask, growPx = EDIT_GROW_PX): Mask {
  return dilate(mask, growPx);
}

/** Blending weights over a rectangle of the picture. */
export interface AlphaPatch {
  /** Within the picture. */
  readonly rect: Rect;
  /** [height,width] of rect, 0..1; exactly 0 outside the edit region, near 1 on the mask. */
  readonly alpha: Float32Array;
}

/**
 * Alpha of a mask: 1 on the mask, gauss(mask grown by corePx, feather) around it, 0 outside the edit region;
 * null for an empty mask.
 */
export function editAlpha(
  mask: Mask,
  growPx = EDIT_GROW_PX,
  featherPx = 1,
  corePx = Math.floor(growPx / 2),
): AlphaPatch | null {
  const bounds = maskBounds(mask);
  if (bounds === null) return null;
  // Wider than the edit region, so that the blur is mirrored at the picture's border only.
  const rect = intersectRect(growRect(bounds, growPx + 4), pictureRect(mask)) as Rect;
  const local = cropMask(mask, rect);
  const region = dilate(local, growPx);
  const soft = blurPlane(dilate(local, corePx).data, rect.width, rect.height, featherPx);
  const alpha = soft.map((a, i) => {
    if (local.data[i] !== 0) return 1;
    return region.data[i] !== 0 && a > 1e-3 ? Math.min(1, a) : 0;
  });
  return { rect, alpha };
}

/** Native RGB values over `rect`, channel c, pixel index i of rect (row by row), in 0..1 (may overshoot). */
export type PixelSource = (c: number, i: number) => number;

/**
 * New raster = source blended with `pixels` by alpha. Bit depth, channel count and alpha channel stay; a mono picture
 * takes the mean of the three channels. Pixels with alpha 0 keep their code values.
 */
export function blendPixels(source: Raster, patch: AlphaPatch, pixels: PixelSource, white: number): Raster {
  const out = copyRaster(source);
  const { rect, alpha } = patch;
  const colours = colourCount(source);
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      const i = y * rect.width + x;
      const a = alpha[i];
      if (a === 0) continue;
      const at = ((rect.y + y) * source.width + rect.x + x) * source.channels;
      for (let c = 0; c < colours; c++) {
        const value = colours === 3 ? pixels(c, i) : (pixels(0, i) + pixels(1, i) + pixels(2, i)) / 3;
        const old = source.data[at + c] / white;
        out.data[at + c] = toCode(source, old + a * (value - old), white);
      }
    }
  }
  return out;
}

/**
 * Paste-back of one generated window [3,S,S] lying on `window` (native px, may reach over the border). Brought to
 * native size by cubic interpolation; what the window cannot carry, the source's detail above its resolution, is kept
 * where the window changed little, so the surroundings of the mask stay as sharp as the picture.
 */
export function composite(
  source: Raster,
  window: Rect,
  mask: Mask,
  generated: Planes,
  options: CompositeOptions = {},
): Raster {
  assertSameSize(source, mask);
  const growPx = options.growPx ?? EDIT_GROW_PX;
  invariant(
    growPx >= 0 && growPx <= EDIT_GROW_PX,
    `edit region grown by ${growPx} px, at most ${EDIT_GROW_PX}`,
  );
  invariant(generated.channels === 3, 'a window has 3 channels');
  const white = whiteOf(source, options.white);
  const whole = editAlpha(mask, growPx, options.featherPx ?? 1);
  const patch = whole === null ? null : clipPatch(whole, window);
  if (patch === null) return copyRaster(source);

  const { rect } = patch;
  const [kx, ky] = [generated.width / window.width, generated.height / window.height];
  const part: Rect = {
    x: (rect.x - window.x) * kx,
    y: (rect.y - window.y) * ky,
    width: rect.width * kx,
    height: rect.height * ky,
  };
  const native = resizePart(generated, part, rect.width, rect.height, 'cubic');
  const own = cropToPlanes(source, rect, rect.width, rect.height, { white });
  // What the source looks like after the same trip through the window: its loss is the detail to keep.
  const there = cropToPlanes(source, window, generated.width, generated.height, { white });
  const trip = resizePart(there, part, rect.width, rect.height, 'cubic');
  const keep = options.detail ?? 1;
  const area = rect.width * rect.height;
  const value: PixelSource = (c, i) => {
    const at = c * area + i;
    const change = native.data[at] - trip.data[at];
    const detail = (own.data[at] - trip.data[at]) * keep * Math.exp(-((change / DETAIL_CHANGE) ** 2));
    return native.data[at] + detail;
  };
  return blendPixels(source, patch, value, white);
}

/** Part of an alpha patch that lies in a rectangle, or null. */
function clipPatch(patch: AlphaPatch, to: Rect): AlphaPatch | null {
  const rect = intersectRect(patch.rect, to);
  if (rect === null) return null;
  const alpha = new Float32Array(rect.width * rect.height);
  for (let y = 0; y < rect.height; y++) {
    const from = (rect.y - patch.rect.y + y) * patch.rect.width + rect.x - patch.rect.x;
    alpha.set(patch.alpha.subarray(from, from + rect.width), y * rect.width);
  }
  return { rect, alpha };
}
