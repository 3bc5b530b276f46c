// One picture: its windows, their maps laid over each other, one score.

import type { Mask, Raster, Rect } from '../../core/image/raster.ts';
import { resizePart } from '../../core/image/resample.ts';
import { cropToPlanes } from '../../core/image/window-crop.ts';
import { imageScore } from '../../core/recipes/anomalysd/maps.ts';
import { coveringWindows, touches } from '../../core/recipes/anomalysd/windows.ts';
import type { WindowTask } from './inspect-windows.ts';
import type { InspectionModel } from './open-model.ts';

/** Windows of a picture that show the product. */
export function windowsOf(
  picture: { width: number; height: number },
  foreground: Mask | null,
  { windowPx, settings }: Pick<InspectionModel, 'windowPx' | 'settings'>,
): Rect[] {
  const all = coveringWindows(picture, windowPx, settings.overlap);
  return foreground === null ? all : all.filter((rect) => touches(foreground, rect));
}

export function windowTasks(
  raster: Raster,
  rects: readonly Rect[],
  name: string,
  { backbone: { size }, white }: Pick<InspectionModel, 'backbone' | 'white'>,
): WindowTask[] {
  return rects.map((rect) => ({
    image: cropToPlanes(raster, rect, size, size, { white }).data.map((v) => 2 * v - 1),
    name: `${name}/${rect.x},${rect.y}`,
  }));
}

/** Weight of a window's pixel: full inside, falling to its border, so that neighbours meet without a step. */
function weightAt(i: number, side: number, rim: number): number {
  const inside = Math.min(i + 0.5, side - i - 0.5);
  return Math.min(1, Math.max(0.05, inside / Math.max(1, rim)));
}

export interface PictureMap {
  readonly width: number;
  readonly height: number;
  /** [H,W] */
  readonly map: Float32Array;
  readonly score: number;
}

/** Windows' maps [S,S] joined to one of the picture; outside of all windows it is 0. */
export function joinMaps(
  picture: { width: number; height: number },
  rects: readonly Rect[],
  maps: readonly Float32Array[],
  foreground: Mask | null,
  { windowPx, settings, backbone }: Pick<InspectionModel, 'windowPx' | 'settings' | 'backbone'>,
): PictureMap {
  const { width, height } = picture;
  const sum = new Float32Array(width * height);
  const weight = new Float32Array(width * height);
  const rim = (windowPx * settings.overlap) / 2;
  rects.forEach((rect, k) => {
    const small = { channels: 1, width: backbone.size, height: backbone.size, data: maps[k] };
    const whole = { x: 0, y: 0, width: backbone.size, height: backbone.size };
    const native = resizePart(small, whole, rect.width, rect.height, 'triangle').data;
    for (let y = Math.max(0, rect.y); y < Math.min(height, rect.y + rect.height); y++)
      for (let x = Math.max(0, rect.x); x < Math.min(width, rect.x + rect.width); x++) {
        const [i, j] = [x - rect.x, y - rect.y];
        const w = weightAt(i, rect.width, rim) * weightAt(j, rect.height, rim);
        sum[y * width + x] += w * native[j * rect.width + i];
        weight[y * width + x] += w;
      }
  });
  const map = sum.map((v, i) => (weight[i] > 0 ? v / weight[i] : 0));
  const sigma = settings.scoreBlur * windowPx;
  return { width, height, map, score: imageScore(map, width, height, sigma, foreground) };
}
