// Per-picture checks of a made defect against its source and the real ones; what misses is flagged with the reason.

import type { PictureFlag } from '../../domain/picture-flags.ts';
import { blurPlane } from '../../image/blur.ts';
import { cropMask } from '../../image/mask-ops.ts';
import type { Mask, Raster, Rect } from '../../image/raster.ts';
import { assertSameSize, maskArea } from '../../image/raster.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import { EDIT_GROW_PX, editRegion } from './composite.ts';
import { contrastOf, fineSigma, median, surroundings } from './measure.ts';
import { medianMaskArea } from './shapes.ts';
import type { Shot } from './shot.ts';

/** What the real defects of one type are like. */
export interface RealStats {
  /** Median mask area per picture, native px. */
  readonly medianArea: number;
  /** Median contrast to the ring, 0..1. */
  readonly contrast: number;
  /** Contrast of every shot, in their order. */
  readonly contrasts: readonly number[];
}

/** Measures the shots of one type; `foregrounds[i]` null = surface or unknown. */
export function realStats(
  shots: readonly Shot[],
  foregrounds: readonly (Mask | null)[],
  white?: number,
): RealStats {
  const contrasts = shots.map((s, i) => contrastOf(s.raster, s.mask, foregrounds[i] ?? null, white));
  return { medianArea: medianMaskArea(shots), contrast: median(contrasts), contrasts };
}

/** Smallest visible change: mean absolute difference over RGB, 6 of 255 code values. */
export const VISIBLE_CHANGE = 6 / 255;
/** ... or this many sigmas of the good surface's own fine structure, whichever is larger. */
export const VISIBLE_SIGMAS = 2;
export const AREA_RANGE = [0.5, 2] as const;
export const CONTRAST_RANGE = [0.6, 1.5] as const;
export const MIN_AGREEMENT = 0.7;

export interface PictureChecks {
  /** Pixels that differ from the source outside the edit region; must be 0. */
  readonly outsideChanged: number;
  /** Growth of the edit region, native px. */
  readonly grownBy: number;
  /** Pixels that differ inside the edit region but outside the mask: the blended rim. */
  readonly rimChanged: number;
  /** Mask area, native px, and relative to the real median. */
  readonly area: number;
  readonly areaRatio: number;
  /** Share of mask pixels changed by more than `threshold`, after averaging over neighbours within the mask (sigma 1 px). */
  readonly agreement: number;
  /** max(6/255, 2 sigma of the source's fine structure around the mask), 0..1. */
  readonly threshold: number;
  /** |mean in the mask - mean in the ring|, mean over RGB, 0..1; relative to the real median; at the same place in the source. */
  readonly contrast: number;
  readonly contrastRatio: number;
  readonly contrastBefore: number;
}

export interface Flag {
  readonly code: PictureFlag;
  /** One sentence with the number and the limit. */
  readonly reason: string;
}

export interface CheckInput {
  readonly source: Raster;
  readonly result: Raster;
  readonly mask: Mask;
  readonly real: RealStats;
  /** Product in the source; null = surface or unknown. */
  readonly foreground: Mask | null;
  readonly white?: number;
  /** Default 0.5..2; null = any area was asked for. */
  readonly areaRange?: readonly [number, number] | null;
}

/** All checks of one picture. Empty masks give agreement and contrast 0. */
export function checkPicture(input: CheckInput): { checks: PictureChecks; flags: Flag[] } {
  const { source, result, mask, real, foreground, white } = input;
  const { outside, rim } = countChanges(source, result, mask);
  const { agreement, threshold } = visibleShare(source, result, mask, white);
  const area = maskArea(mask);
  const contrast = contrastOf(result, mask, foreground, white);
  const checks: PictureChecks = {
    outsideChanged: outside,
    grownBy: EDIT_GROW_PX,
    rimChanged: rim,
    area,
    areaRatio: area / real.medianArea,
    agreement,
    threshold,
    contrast,
    contrastRatio: real.contrast > 0 ? contrast / real.contrast : 0,
    contrastBefore: contrastOf(source, mask, foreground, white),
  };
  return { checks, flags: flagsOf(checks, input.areaRange === undefined ? AREA_RANGE : input.areaRange) };
}

function flagsOf(c: PictureChecks, areaRange: readonly [number, number] | null): Flag[] {
  const flags: Flag[] = [];
  if (c.outsideChanged > 0) {
    flags.push({ code: 'outside', reason: `${c.outsideChanged} pixels changed outside the edit region` });
  }
  if (areaRange !== null && (c.areaRatio < areaRange[0] || c.areaRatio > areaRange[1])) {
    const limits = `${areaRange[0]} to ${areaRange[1]}`;
    flags.push({
      code: 'area',
      reason: `mask area is ${c.areaRatio.toFixed(2)} of the real median, not ${limits}`,
    });
  }
  if (c.agreement < MIN_AGREEMENT) {
    const percent = (v: number): string => `${Math.round(100 * v)} %`;
    flags.push({
      code: 'agreement',
      reason: `${percent(c.agreement)} of the mask visibly changed, less than ${percent(MIN_AGREEMENT)}`,
    });
  }
  if (c.contrastRatio < CONTRAST_RANGE[0] || c.contrastRatio > CONTRAST_RANGE[1]) {
    const limits = `${CONTRAST_RANGE[0]} to ${CONTRAST_RANGE[1]}`;
    flags.push({
      code: 'contrast',
      reason: `contrast is ${c.contrastRatio.toFixed(2)} of the real one, not ${limits}`,
    });
  }
  return flags;
}

/** Pixels with any differing code value (all channels, alpha too), outside the edit region and in its rim. */
export function countChanges(source: Raster, result: Raster, mask: Mask): { outside: number; rim: number } {
  assertSameSize(source, result);
  assertSameSize(source, mask);
  const region = editRegion(mask);
  const { channels } = source;
  let [outside, rim] = [0, 0];
  for (let i = 0; i < mask.data.length; i++) {
    let same =
      result.channels === channels && result.data.BYTES_PER_ELEMENT === source.data.BYTES_PER_ELEMENT;
    for (let c = 0; same && c < channels; c++)
      same = source.data[i * channels + c] === result.data[i * channels + c];
    if (same || mask.data[i] !== 0) continue;
    if (region.data[i] !== 0) rim++;
    else outside++;
  }
  return { outside, rim };
}

/** Share of the mask that visibly differs from the source, and the threshold that was used. */
export function visibleShare(
  source: Raster,
  result: Raster,
  mask: Mask,
  white?: number,
): { agreement: number; threshold: number } {
  const around = surroundings(source, mask, null, white);
  if (around === null) return { agreement: 0, threshold: VISIBLE_CHANGE };
  const { rect, pixels } = around;
  const where: Mask = { ...around.ring, data: around.ring.data.map((v, i) => v | around.inside.data[i]) };
  const threshold = Math.max(VISIBLE_CHANGE, VISIBLE_SIGMAS * fineSigma(pixels, where));
  const after = cropToPlanes(result, rect, rect.width, rect.height, { white });
  const change = smoothChange(pixels.data, after.data, cropMask(mask, rect), rect);
  let [changed, area] = [0, 0];
  for (let i = 0; i < change.length; i++) {
    if (around.inside.data[i] === 0) continue;
    area++;
    if (change[i] > threshold) changed++;
  }
  return { agreement: changed / area, threshold };
}

/** Mean |difference| over RGB, averaged (Gaussian, sigma 1 px) over the mask's own pixels only. */
function smoothChange(before: Float32Array, after: Float32Array, mask: Mask, rect: Rect): Float32Array {
  const area = rect.width * rect.height;
  const own = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    if (mask.data[i] === 0) continue;
    for (let c = 0; c < 3; c++) own[i] += Math.abs(after[c * area + i] - before[c * area + i]) / 3;
  }
  const sum = blurPlane(own, rect.width, rect.height, 1);
  const weight = blurPlane(mask.data, rect.width, rect.height, 1);
  return sum.map((v, i) => (weight[i] > 1e-6 ? v / weight[i] : 0));
}
