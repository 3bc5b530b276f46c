// The few good pictures AnomalySD learns from, decoded, with the product's place in them.

import { namedRng } from '../../../core/base/rng.ts';
import { emptyMask } from '../../../core/image/raster.ts';
import { whiteLevel } from '../../../core/image/window-crop.ts';
import { trainingHole } from '../../../core/recipes/anomalysd/holes.ts';
import { type AnomalySdSettings, gridScales } from '../../../core/recipes/anomalysd/settings.ts';
import { drawGoodWindow, type GoodSource } from '../../../core/recipes/anomalysd/windows.ts';
import { type ProductKind, productKind } from '../../../core/recipes/windows/foreground.ts';
import { paintedForeground } from '../../datasets/material.ts';
import { decodePicture } from '../../imaging/index.ts';
import type { DatasetPicture } from '../../services.ts';
import type { HoleWindow } from '../latent/good-examples.ts';

export interface GoodPictures {
  readonly sources: readonly GoodSource[];
  readonly kind: ProductKind;
  /** Code value of 1.0. */
  readonly white: number;
}

export async function openGoodPictures(
  pictures: readonly DatasetPicture[],
  signal: AbortSignal,
): Promise<GoodPictures> {
  const rasters = [];
  for (const picture of pictures) {
    signal.throwIfAborted();
    rasters.push((await decodePicture(picture.path, { name: picture.file })).raster);
  }
  const kind = productKind(rasters);
  const white = whiteLevel(rasters);
  const sources: GoodSource[] = [];
  for (const [i, raster] of rasters.entries())
    sources.push({ raster, foreground: await paintedForeground(pictures[i], raster, kind), white });
  return { sources, kind, white };
}

export interface DrawInput {
  readonly sources: readonly GoodSource[];
  readonly windowPx: number;
  readonly size: number;
  readonly settings: AnomalySdSettings;
  readonly levels: readonly (readonly number[])[];
  readonly seed: number;
}

/** Training window `i`: a function of the seed and its number alone. */
export function drawTrainingWindow(input: DrawInput, i: number): HoleWindow {
  const { sources, windowPx, size, settings, levels, seed } = input;
  const rng = namedRng(seed, `good window ${i}`);
  const drawn = drawGoodWindow(rng.pick(sources), windowPx, size, settings.turns, rng);
  const scales = [...new Set([...gridScales(settings.scalesFast), ...gridScales(settings.scalesFull)])];
  const usual = scales.filter((k) => k > 1);
  const hole = trainingHole(size, drawn.foreground, usual.length > 0 ? usual : scales, settings, rng);
  return { image: drawn.image, hole, mark: emptyMask(size, size), prompt: rng.pick(levels) };
}
