// Versions of stored pictures for a screen: small ones, masks, and a chosen range of a 16-bit picture. Only looked at.

import type { Sharp } from 'sharp';
import sharp from 'sharp';
import type { Raster } from '../../core/image/raster.ts';
import { levelsOf } from '../labels/levels.ts';
import { decodePicture } from './decode.ts';
import { encodePng } from './encode-png.ts';
import { toDisplayRgb } from './pixels.ts';

export interface View {
  /** Longer side; null shows every pixel. */
  readonly size: number | null;
  /** Code values shown as black and white; null shows the whole range. */
  readonly range: { readonly low: number; readonly high: number } | null;
}

export interface Rendition {
  readonly bytes: Uint8Array;
  readonly type: 'image/png' | 'image/webp';
}

/** Deep pictures up to this size are shown with the range that they use: a 12-bit camera would be black. */
const THUMBNAIL = 256;

/** Formats that a browser shows pixel for pixel as they are. */
const SHOWN = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

/** The media type of a file that can be shown as it is: 8 bit, upright, without a profile; else null. */
export async function shownAsIs(file: string): Promise<string | null> {
  const meta = await sharp(file)
    .metadata()
    .catch(() => null);
  if (meta === null || !(meta.format in SHOWN) || (meta.pages ?? 1) > 1) return null;
  const plain = meta.depth === 'uchar' && (meta.orientation ?? 1) === 1 && !meta.hasProfile;
  const coloured = meta.space === 'srgb' || meta.space === 'b-w' || meta.space === 'rgb';
  return plain && coloured ? SHOWN[meta.format as keyof typeof SHOWN] : null;
}

/** A picture as WebP where it is made smaller, as PNG where every pixel is shown. */
export async function renderPicture(bytes: Uint8Array, view: View): Promise<Rendition> {
  if (view.size !== null && view.range === null) {
    const small = await shrinkDirectly(bytes, view.size);
    if (small !== null) return { bytes: small, type: 'image/webp' };
  }
  const { raster } = await decodePicture(bytes);
  const range = view.range ?? (view.size !== null && view.size <= THUMBNAIL ? levelsOf(raster) : null);
  const shown = range === null ? toDisplayRgb(raster) : toDisplayRgb(inRange(raster, range));
  if (view.size === null) return { bytes: await encodeFast(shown), type: 'image/png' };
  return { bytes: await shrink(rawInput(shown), view.size), type: 'image/webp' };
}

/** White on black; a pixel of a small version is white where any of its pixels is. */
export async function renderMask(bytes: Uint8Array, size: number | null): Promise<Rendition> {
  const { raster } = await decodePicture(bytes);
  const mask = anyPerCell(raster, size ?? Number.POSITIVE_INFINITY);
  return { bytes: await encodePng(mask), type: 'image/png' };
}

/** Lets the decoder skip detail; null for what only our own decoder reads, and for deep pictures. */
async function shrinkDirectly(bytes: Uint8Array, size: number): Promise<Uint8Array | null> {
  try {
    const picture = sharp(bytes, { failOn: 'none', ignoreIcc: true });
    const { depth } = await picture.metadata();
    if (depth !== 'uchar') return null;
    return await shrink(picture.autoOrient(), size);
  } catch {
    return null;
  }
}

async function shrink(picture: Sharp, size: number): Promise<Uint8Array> {
  const small = picture.resize(size, size, { fit: 'inside', withoutEnlargement: true });
  return new Uint8Array(await small.webp({ quality: 86, effort: 1 }).toBuffer());
}

async function encodeFast(raster: Raster): Promise<Uint8Array> {
  return new Uint8Array(await rawInput(raster).png({ compressionLevel: 1 }).toBuffer());
}

function rawInput({ data, width, height, channels }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** Stretches code values low..high over 0..255. */
function inRange(raster: Raster, { low, high }: { low: number; high: number }): Raster {
  const scale = 255 / (high - low);
  const data = new Uint8Array(raster.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.max(0, Math.min(255, Math.round((raster.data[i] - low) * scale)));
  }
  return { ...raster, data };
}

/** One channel, 255 where any pixel of the cell is set. */
function anyPerCell(mask: Raster, size: number): Raster {
  const scale = Math.min(1, size / Math.max(mask.width, mask.height));
  const width = Math.max(1, Math.round(mask.width * scale));
  const height = Math.max(1, Math.round(mask.height * scale));
  const data = new Uint8Array(width * height);
  for (let y = 0; y < mask.height; y++) {
    const row = Math.min(height - 1, Math.floor((y * height) / mask.height)) * width;
    for (let x = 0; x < mask.width; x++) {
      if (mask.data[(y * mask.width + x) * mask.channels] === 0) continue;
      data[row + Math.min(width - 1, Math.floor((x * width) / mask.width))] = 255;
    }
  }
  return { width, height, channels: 1, data };
}
