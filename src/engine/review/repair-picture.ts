// A generated picture with a corrected mask: new pixels where it needs them, new checks, new flags.

import type { JsonObject } from '../../core/domain/json.ts';
import type { Mask } from '../../core/image/raster.ts';
import { maskArea, maskBounds } from '../../core/image/raster.ts';
import { checkPicture } from '../../core/recipes/windows/checks.ts';
import { contrastOf } from '../../core/recipes/windows/measure.ts';
import { keepInside } from '../../core/recipes/windows/repair.ts';
import { foregroundOf } from '../datasets/material.ts';
import { decodeMask, decodePicture, encodeMaskPng, encodePng } from '../imaging/index.ts';
import type { RealMarks } from './real-marks.ts';

export interface RepairWork {
  /** Files of the picture as the generator made it. */
  image: string;
  mask: string;
  /** The good picture below; null where the picture is drawn as a whole. */
  source: { path: string; file: string } | null;
  newMask: Mask;
  real: RealMarks;
  /** What the picture says of itself now. */
  checks: JsonObject;
}

export interface Repaired {
  /** PNG; null where the pixels stay. */
  image: Uint8Array | null;
  mask: Uint8Array;
  checks: JsonObject;
  flags: string[];
}

export async function repairPicture(work: RepairWork): Promise<Repaired> {
  const { raster: made, icc } = await decodePicture(work.image, { name: 'generated picture' });
  const mask = await encodeMaskPng(work.newMask);
  const { real, newMask } = work;
  if (work.source === null) {
    const contrast = contrastOf(made, newMask, null, real.white);
    const checks = {
      ...work.checks,
      bounds: { ...maskBounds(newMask)! },
      areaRatio: maskArea(newMask) / real.stats.medianArea,
      contrastRatio: contrast / Math.max(1e-6, real.stats.contrast),
      reasons: [],
    };
    return { image: null, mask, checks, flags: [] };
  }
  const { raster: source } = await decodePicture(work.source.path, { name: work.source.file });
  const before = (await decodeMask(work.mask, made)).mask;
  const result = keepInside(source, made, before, newMask);
  const foreground = foregroundOf(source, real.kind);
  const { white, stats } = real;
  // The person who drew the mask wants this area.
  const checked = checkPicture({
    source,
    result,
    mask: newMask,
    real: stats,
    foreground,
    white,
    areaRange: null,
  });
  const { checks } = checked;
  return {
    image: await encodePng(result, { icc }),
    mask,
    checks: {
      ...work.checks,
      outside: { changed: checks.outsideChanged, grownBy: checks.grownBy },
      agreement: { changedInMask: checks.agreement, contrast: checks.contrastRatio },
      bounds: { ...maskBounds(newMask)! },
      area: checks.area,
      areaRatio: checks.areaRatio,
      contrast: checks.contrast,
      contrastBefore: checks.contrastBefore,
      rimChanged: checks.rimChanged,
      reasons: checked.flags.map((flag) => flag.reason),
    },
    flags: checked.flags.map((flag) => flag.code),
  };
}
