// Small versions of pictures for sheets and reports: never measured, only looked at.

import type { Sharp } from 'sharp';
import sharp from 'sharp';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { decodePicture } from './decode.ts';
import { toDisplayRgb } from './pixels.ts';

/** Anything that can be shown: decoded pixels, a mask, or an encoded picture (bytes or path). */
export type Showable = Raster | Mask | Uint8Array | string;

/** Decodes where needed and brings the picture to 8-bit RGB. */
export async function displayRgb(picture: Showable): Promise<Raster> {
  if (typeof picture === 'string' || picture instanceof Uint8Array) {
    return toDisplayRgb((await decodePicture(picture)).raster);
  }
  return toDisplayRgb(picture);
}

/** True for masks, which are scaled without blending. */
export function isMask(picture: Showable): picture is Mask {
  return typeof picture !== 'string' && !(picture instanceof Uint8Array) && !('channels' in picture);
}

/** Raw 8-bit RGB as sharp input. */
export function fromRgb(raster: Raster): Sharp {
  const { width, height, channels } = raster;
  return sharp(raster.data, { raw: { width, height, channels } });
}

/** `data:image/jpeg;base64,...` (PNG for masks), at most `maxSide` pixels on the longer side. */
export async function previewDataUri(picture: Showable, maxSide: number): Promise<string> {
  const rgb = await displayRgb(picture);
  const mask = isMask(picture);
  const small = fromRgb(rgb).resize(maxSide, maxSide, {
    fit: 'inside',
    withoutEnlargement: true,
    kernel: mask ? 'nearest' : 'lanczos3',
  });
  const bytes = mask
    ? await small.png({ compressionLevel: 9 }).toBuffer()
    : await small.jpeg({ quality: 85, chromaSubsampling: '4:4:4' }).toBuffer();
  return `data:image/${mask ? 'png' : 'jpeg'};base64,${bytes.toString('base64')}`;
}
