// Which part of a picture a report shows, and that part small enough to keep many of them in memory.

import { resampleMask } from '../../core/image/mask-resample.ts';
import { type Mask, maskBounds, type Raster, type Rect } from '../../core/image/raster.ts';
import { longSide, pictureRect } from '../../core/image/rect.ts';
import { cropToPlanes, planesToRaster } from '../../core/image/window-crop.ts';

/** Longer side of what is kept: a tile of a contact sheet. */
const VIEW = 192;
/** Room around a defect, as a factor of its long side, and the least that is shown of a picture. */
const ROOM = 1.7;
const LEAST_SIDE = 64;

/** A square around the mask, moved into the picture; the whole picture where there is no mask. */
export function viewRect(picture: { width: number; height: number }, mask: Mask | null): Rect {
  const bounds = mask === null ? null : maskBounds(mask);
  if (bounds === null) return pictureRect(picture);
  const side = Math.max(LEAST_SIDE, Math.ceil(longSide(bounds) * ROOM));
  const [x, width] = span(bounds.x + bounds.width / 2, side, picture.width);
  const [y, height] = span(bounds.y + bounds.height / 2, side, picture.height);
  return { x, y, width, height };
}

function span(centre: number, side: number, room: number): [start: number, length: number] {
  const length = Math.min(side, room);
  const start = Math.round(centre - length / 2);
  return [Math.min(room - length, Math.max(0, start)), length];
}

function viewSize(rect: Rect): { width: number; height: number } {
  const scale = Math.min(1, VIEW / longSide(rect));
  return {
    width: Math.max(1, Math.round(rect.width * scale)),
    height: Math.max(1, Math.round(rect.height * scale)),
  };
}

/** The part as 8-bit RGB, reduced where it is larger than a tile. */
export function viewOf(raster: Raster, rect: Rect, white: number): Raster {
  const { width, height } = viewSize(rect);
  return planesToRaster(cropToPlanes(raster, rect, width, height, { white }));
}

/** The same part of a mask. */
export function maskView(mask: Mask, rect: Rect): Mask {
  const { width, height } = viewSize(rect);
  return resampleMask(mask, rect, width, height, 'zero');
}
