// Decoded pictures for fine-tuning and generation: shots with masks, good pictures with the product's foreground.

import { namedRng, type Rng } from '../../core/base/rng.ts';
import { fullMask, subtractMasks } from '../../core/image/mask-ops.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { whiteLevel } from '../../core/image/window-crop.ts';
import { estimateForeground, type ProductKind, productKind } from '../../core/recipes/windows/foreground.ts';
import type { GoodPicture, Shot } from '../../core/recipes/windows/shot.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { DatasetPicture } from '../services.ts';

/** Good pictures held in memory at once, and the pixels they may have together. */
const MOST_GOODS = 24;
const MOST_PIXELS = 120e6;

/** The part of a labelled picture that decoding needs. */
export type LabelledPicture = Pick<DatasetPicture, 'file' | 'type' | 'path' | 'maskPath' | 'ignorePath'>;

export async function decodeShot(picture: LabelledPicture): Promise<Shot> {
  const { raster } = await decodePicture(picture.path, { name: picture.file });
  const { mask: whole } = await decodeMask(picture.maskPath as string, raster, {
    name: `mask of ${picture.file}`,
  });
  const ignored = await ignoreZone(picture, raster);
  const left = ignored === null ? whole : subtractMasks(whole, ignored);
  const mask = left.data.includes(1) ? left : whole;
  return { raster, mask, type: picture.type as string, name: picture.file };
}

/** Foreground of a picture, null where the product fills it. */
export function foregroundOf(raster: Raster, kind: ProductKind): Mask | null {
  return kind === 'surface' ? null : estimateForeground(raster, kind).mask;
}

/** Where defects may lie: painted or estimated foreground without ignore zones; null where that is all of the picture. */
export async function paintedForeground(
  picture: Pick<DatasetPicture, 'file' | 'ignorePath' | 'foregroundPath'>,
  raster: Raster,
  kind: ProductKind,
): Promise<Mask | null> {
  const name = `foreground of ${picture.file}`;
  const found = picture.foregroundPath
    ? (await decodeMask(picture.foregroundPath, raster, { name })).mask
    : foregroundOf(raster, kind);
  const ignored = await ignoreZone(picture, raster);
  if (ignored === null) return found;
  const left = subtractMasks(found ?? fullMask(raster.width, raster.height), ignored);
  return left.data.includes(1) ? left : found;
}

async function ignoreZone(
  picture: Pick<DatasetPicture, 'file' | 'ignorePath'>,
  raster: Raster,
): Promise<Mask | null> {
  if (!picture.ignorePath) return null;
  return (await decodeMask(picture.ignorePath, raster, { name: `ignore zone of ${picture.file}` })).mask;
}

export interface Material {
  readonly shots: readonly Shot[];
  readonly shotForegrounds: readonly (Mask | null)[];
  readonly goods: readonly GoodPicture[];
  readonly kind: ProductKind;
  /** Code value of 1.0. */
  readonly white: number;
}

/** An even choice of the good pictures that fits into memory. */
export function chooseGoods(normals: readonly DatasetPicture[], rng: Rng): DatasetPicture[] {
  const chosen: DatasetPicture[] = [];
  let pixels = 0;
  for (const i of rng.permutation(normals.length)) {
    const { width, height } = normals[i];
    if (chosen.length >= MOST_GOODS || (chosen.length > 0 && pixels + width * height > MOST_PIXELS)) break;
    pixels += width * height;
    chosen.push(normals[i]);
  }
  return chosen;
}

/** Decodes what a fine-tune works with. Without good pictures the product's kind is judged by the shots. */
export async function loadMaterial(
  shots: readonly DatasetPicture[],
  normals: readonly DatasetPicture[],
  seed: number,
  signal: AbortSignal,
): Promise<Material> {
  const decoded: Shot[] = [];
  for (const shot of shots) {
    signal.throwIfAborted();
    decoded.push(await decodeShot(shot));
  }
  const rasters: { raster: Raster; picture: DatasetPicture }[] = [];
  for (const picture of chooseGoods(normals, namedRng(seed, 'good pictures'))) {
    signal.throwIfAborted();
    rasters.push({
      raster: (await decodePicture(picture.path, { name: picture.file })).raster,
      picture,
    });
  }
  const judged = rasters.length > 0 ? rasters : decoded;
  const kind = productKind(judged.map((p) => p.raster));
  const shotForegrounds = [];
  for (const [i, { raster }] of decoded.entries())
    shotForegrounds.push(await paintedForeground(shots[i], raster, kind));
  const goods = [];
  for (const { raster, picture } of rasters) {
    const painted = await paintedForeground(picture, raster, kind);
    goods.push({ raster, name: picture.file, foreground: painted ?? fullMask(raster.width, raster.height) });
  }
  return {
    shots: decoded,
    shotForegrounds,
    goods,
    kind,
    white: whiteLevel([...decoded, ...rasters].map((p) => p.raster)),
  };
}
