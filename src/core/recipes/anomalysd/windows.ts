// Windows of good pictures for training, and the windows that cover a picture when it is inspected.

import type { Rng } from '../../base/rng.ts';
import { fullMask } from '../../image/mask-ops.ts';
import { resampleMask } from '../../image/mask-resample.ts';
import type { Mask, Planes, Raster, Rect } from '../../image/raster.ts';
import { cropToPlanes } from '../../image/window-crop.ts';
import { augmentWindow } from '../windows/window-augment.ts';

const SCALE_JITTER = [0.9, 1.1] as const;

export interface GoodSource {
  readonly raster: Raster;
  /** Product, null where it fills the picture. */
  readonly foreground: Mask | null;
  /** Code value of 1.0. */
  readonly white: number;
}

export interface GoodWindow {
  /** [3,S,S] 0..1 */
  readonly image: Planes;
  /** [S,S], null where the product fills the window's picture. */
  readonly foreground: Mask | null;
}

/** Native px of a window's side where nothing is asked: a third of the short side, at least the model's own size. */
export function windowSide(pictures: readonly { width: number; height: number }[], size: number): number {
  const sides = pictures.map((p) => Math.min(p.width, p.height)).sort((a, b) => a - b);
  const short = sides[Math.floor(sides.length / 2)];
  return Math.max(Math.min(size, short), Math.ceil(short / 3));
}

/** A window anywhere on the product, slightly scaled, turned (if wanted) and exposed anew. */
export function drawGoodWindow(
  { raster, foreground, white }: GoodSource,
  windowPx: number,
  size: number,
  turns: boolean,
  rng: Rng,
): GoodWindow {
  const side = Math.max(1, Math.round(windowPx * rng.logUniform(...SCALE_JITTER)));
  const anywhere = (room: number) =>
    room <= side ? Math.floor((room - side) / 2) : rng.int(room - side + 1);
  let rect: Rect = { x: 0, y: 0, width: side, height: side };
  for (let tries = 0; tries < 20; tries++) {
    rect = { ...rect, x: anywhere(raster.width), y: anywhere(raster.height) };
    if (foreground === null || touches(foreground, rect)) break;
  }
  const image = cropToPlanes(raster, rect, size, size, { white });
  const mask =
    foreground === null ? fullMask(size, size) : resampleMask(foreground, rect, size, size, 'reflect');
  if (!turns) return { image, foreground: foreground === null ? null : mask };
  const turned = augmentWindow({ image, mask, hole: mask, kind: 'repair', type: '' }, rng);
  return { image: turned.image, foreground: foreground === null ? null : turned.mask };
}

/** Whether the product covers a tenth of the rectangle, looked at on a coarse grid. */
export function touches(foreground: Mask, rect: Rect): boolean {
  const N = 16;
  let hits = 0;
  for (let i = 0; i < N * N; i++) {
    const x = Math.floor(rect.x + ((i % N) + 0.5) * (rect.width / N));
    const y = Math.floor(rect.y + (Math.floor(i / N) + 0.5) * (rect.height / N));
    const inside = x >= 0 && y >= 0 && x < foreground.width && y < foreground.height;
    if (inside && foreground.data[y * foreground.width + x] !== 0) hits++;
  }
  return 10 * hits >= N * N;
}

function starts(room: number, side: number, overlap: number): number[] {
  if (room <= side) return [Math.floor((room - side) / 2)];
  const count = Math.ceil((room - side) / (side * (1 - overlap))) + 1;
  return Array.from({ length: count }, (_, i) => Math.round((i * (room - side)) / (count - 1)));
}

/** Square windows that cover the picture, evenly spaced, overlapping by at least the share. */
export function coveringWindows(
  picture: { width: number; height: number },
  side: number,
  overlap: number,
): Rect[] {
  const xs = starts(picture.width, side, overlap);
  return starts(picture.height, side, overlap).flatMap((y) =>
    xs.map((x) => ({ x, y, width: side, height: side })),
  );
}
