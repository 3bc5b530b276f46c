// Opens generated pictures and real shots for a report: cropped views, and which shot a made defect resembles most.

import { AppError } from '../../core/base/errors.ts';
import { type Mask, maskArea, type Raster } from '../../core/image/raster.ts';
import { intersectRect, pictureRect } from '../../core/image/rect.ts';
import { whiteLevel } from '../../core/image/window-crop.ts';
import { type MarkThumb, markThumb, nearestShot } from '../../core/recipes/windows/nearest.ts';
import { decodeShot } from '../datasets/material.ts';
import { decodePicture } from '../imaging/index.ts';
import type { DatasetPicture, StoredPicture } from '../services.ts';
import { maskView, viewOf, viewRect } from './view.ts';

/** A real defect, ready to be compared and shown. */
export interface OpenShot {
  readonly file: string;
  readonly type: string;
  readonly thumb: MarkThumb | null;
  readonly view: Raster;
}

export interface OpenShots {
  readonly shots: readonly OpenShot[];
  /** Code value of 1.0 of this product's pictures. */
  readonly white: number;
}

/** A generated picture with what stands beside it in a sheet. */
export interface OpenPicture {
  readonly stored: StoredPicture;
  readonly view: Raster;
  /** Null where there is no mask, or an empty one. */
  readonly mask: Mask | null;
  /** The same place of the source, or the window of the reference; null where the picture has none. */
  readonly origin: Raster | null;
  readonly nearest: { readonly shot: OpenShot; readonly distance: number } | null;
}

export async function openShots(
  pictures: readonly DatasetPicture[],
  signal: AbortSignal,
): Promise<OpenShots> {
  const decoded = [];
  for (const picture of pictures) {
    assertGoing(signal);
    decoded.push(await decodeShot(picture));
  }
  const white = whiteLevel(decoded.map((shot) => shot.raster));
  const shots = decoded.map(({ raster, mask, name, type }) => ({
    file: name,
    type,
    thumb: markThumb(raster, mask, white),
    view: viewOf(raster, viewRect(raster, mask), white),
  }));
  return { shots, white };
}

export async function openPicture(
  stored: StoredPicture,
  { shots, white }: OpenShots,
  signal: AbortSignal,
): Promise<OpenPicture> {
  assertGoing(signal);
  const { raster } = await decodePicture(stored.path, { name: `picture ${stored.id}` });
  const mask = await readMask(stored);
  const whole = stored.sourceUse === 'reference';
  const rect = viewRect(raster, whole ? null : mask);
  const thumb = mask === null ? null : markThumb(raster, mask, white);
  const sameType = shots.map((shot) => (shot.type === stored.type ? shot.thumb : null));
  const nearest = thumb === null ? null : nearestShot(thumb, sameType);
  return {
    stored,
    view: viewOf(raster, rect, white),
    mask: mask === null ? null : maskView(mask, rect),
    origin: await originView(stored, rect, white),
    nearest: nearest === null ? null : { shot: shots[nearest.index], distance: nearest.distance },
  };
}

/** Masks of our own files may be empty (a mask network that saw nothing); those of users are refused on import. */
async function readMask({ id, maskPath }: StoredPicture): Promise<Mask | null> {
  if (maskPath === null) return null;
  const { raster } = await decodePicture(maskPath, { name: `mask of picture ${id}` });
  const { width, height, channels, data } = raster;
  const mask = { width, height, data: new Uint8Array(width * height) };
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = data[i * channels] > 127 ? 1 : 0;
  return maskArea(mask) === 0 ? null : mask;
}

async function originView(
  { source, sourceUse, window }: StoredPicture,
  rect: ReturnType<typeof viewRect>,
  white: number,
): Promise<Raster | null> {
  if (source === null) return null;
  const { raster } = await decodePicture(source.path, { name: source.file });
  if (sourceUse !== 'reference') return viewOf(raster, rect, white);
  const whole = pictureRect(raster);
  return viewOf(raster, (window && intersectRect(window, whole)) ?? whole, white);
}

function assertGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
}
