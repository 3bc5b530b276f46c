// Pictures cut and shrunk to what training windows can see of them, so that many of them fit into memory.

import { cropMask } from '../../core/image/mask-ops.ts';
import { resampleMask } from '../../core/image/mask-resample.ts';
import { type Mask, maskBounds, type Raster, type Rect } from '../../core/image/raster.ts';
import { growRect, intersectRect, pictureRect } from '../../core/image/rect.ts';
import { cropToPlanes } from '../../core/image/window-crop.ts';

/** Training windows zoom by at most this much, in and out. */
const MOST_ZOOM = 1.25;

export interface CopyScale {
  /** Working px per native px. */
  readonly scale: number;
  /** Side of a window, working px. */
  readonly side: number;
  /** Code value of 1.0 of 16-bit pictures. */
  readonly white: number;
}

/** Copy px per native px: nothing finer is ever seen. 1 where pictures pass unchanged. */
export function copyRatio({ scale }: CopyScale): number {
  return Math.min(1, scale * MOST_ZOOM);
}

/** 3 x 8 bit, or 3 x 16 bit for deep pictures, white at the top. */
function rgb(raster: Raster, rect: Rect, width: number, height: number, white: number): Raster {
  const { data } = cropToPlanes(raster, rect, width, height, { white, kernel: 'triangle' });
  const deep = raster.data instanceof Uint16Array;
  const top = deep ? 65535 : 255;
  const out = deep ? new Uint16Array(3 * width * height) : new Uint8Array(3 * width * height);
  const area = width * height;
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++)
      out[3 * i + c] = Math.min(top, Math.max(0, Math.round(data[c * area + i] * top)));
  return { width, height, channels: 3, data: out };
}

/** Part of a picture as a copy. */
export function copyPart(raster: Raster, rect: Rect, copy: CopyScale): Raster {
  const k = copyRatio(copy);
  const at = (length: number) => Math.max(1, Math.round(length * k));
  return rgb(raster, rect, at(rect.width), at(rect.height), copy.white);
}

export interface LabelledCopy {
  readonly raster: Raster;
  readonly mask: Mask;
}

/** What windows on the defects can see: the mask's bounds and a window's reach around them. */
export function copyDefect(raster: Raster, mask: Mask, copy: CopyScale): LabelledCopy | null {
  const bounds = maskBounds(mask);
  if (bounds === null) return null;
  const reach = Math.ceil((copy.side / copy.scale) * MOST_ZOOM);
  const rect = intersectRect(growRect(bounds, reach), pictureRect(raster)) as Rect;
  const part = copyPart(raster, rect, copy);
  const own =
    part.width === rect.width && part.height === rect.height
      ? cropMask(mask, rect)
      : resampleMask(mask, rect, part.width, part.height, 'zero');
  return { raster: part, mask: own };
}

/** A whole good picture, with its product where that is known. */
export function copyGood(
  raster: Raster,
  foreground: Mask | null,
  copy: CopyScale,
): { raster: Raster; foreground?: Mask } {
  const rect = pictureRect(raster);
  const part = copyPart(raster, rect, copy);
  if (foreground === null) return { raster: part };
  return { raster: part, foreground: resampleMask(foreground, rect, part.width, part.height, 'zero') };
}
