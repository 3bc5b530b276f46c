// The real defects of one type, measured once: what made ones are compared with.

import type { Mask, Raster } from '../../core/image/raster.ts';
import { whiteLevel } from '../../core/image/window-crop.ts';
import { type RealStats, realStats } from '../../core/recipes/windows/checks.ts';
import type { ProductKind } from '../../core/recipes/windows/foreground.ts';
import { type MarkThumb, markThumb } from '../../core/recipes/windows/nearest.ts';
import type { Shot } from '../../core/recipes/windows/shot.ts';
import { decodeShot, foregroundOf } from '../datasets/material.ts';
import { judgeProduct } from '../sampling/sources.ts';
import type { DatasetPicture } from '../services.ts';

/** Labelled pictures that are looked at; enough to find the likeness of a copy. */
const MOST = 48;

export interface RealMarks {
  readonly kind: ProductKind;
  readonly white: number;
  readonly stats: RealStats;
  readonly pictures: readonly DatasetPicture[];
  /** In the order of the pictures. */
  readonly thumbs: readonly (MarkThumb | null)[];
}

/** `labelled`: pictures of one type with masks, at least one. */
export async function measureRealMarks(
  labelled: readonly DatasetPicture[],
  normals: readonly DatasetPicture[],
): Promise<RealMarks> {
  const pictures = labelled.slice(0, MOST);
  const kind = await judgeProduct(normals);
  const shots: Shot[] = [];
  const foregrounds: (Mask | null)[] = [];
  const rasters: Raster[] = [];
  for (const picture of pictures) {
    const shot = await decodeShot(picture);
    shots.push(shot);
    rasters.push(shot.raster);
    foregrounds.push(foregroundOf(shot.raster, kind));
  }
  const white = whiteLevel(rasters);
  return {
    kind,
    white,
    stats: realStats(shots, foregrounds, white),
    pictures,
    thumbs: shots.map((shot) => markThumb(shot.raster, shot.mask, white)),
  };
}
