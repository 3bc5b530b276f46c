// The pictures a generator works on: normals decoded when needed, shots once, statistics of the real defects.

import { AppError } from '../../core/base/errors.ts';
import type { Rng } from '../../core/base/rng.ts';
import { fullMask } from '../../core/image/mask-ops.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { type RealStats, realStats } from '../../core/recipes/windows/checks.ts';
import { type ProductKind, productKind } from '../../core/recipes/windows/foreground.ts';
import { type MaskSource, shapeSource } from '../../core/recipes/windows/mask-source.ts';
import { type PlacementMap, placementMap } from '../../core/recipes/windows/place.ts';
import { severalDefects } from '../../core/recipes/windows/several.ts';
import { medianMaskArea, realShapes } from '../../core/recipes/windows/shapes.ts';
import type { Shot } from '../../core/recipes/windows/shot.ts';
import type { WorkingScale } from '../../core/recipes/windows/working-scale.ts';
import { decodeShot, paintedForeground } from '../datasets/material.ts';
import { decodePicture } from '../imaging/index.ts';
import type { DatasetPicture } from '../services.ts';
import { AS_LEARNED, sized, type Wish } from './placement.ts';

/** A good picture opened for a new defect. */
export interface SourcePicture {
  readonly picture: DatasetPicture;
  readonly raster: Raster;
  readonly icc: Uint8Array | null;
  /** null where the product fills the picture. */
  readonly foreground: Mask | null;
  readonly map: PlacementMap;
}

/** Decoded sources kept at once: they are asked for in groups of eight; of large pictures fewer. */
const KEPT = 12;
const KEPT_PIXELS = 60e6;

export class SourcePictures {
  readonly #normals: readonly DatasetPicture[];
  readonly #kind: ProductKind;
  readonly #narrow: (map: PlacementMap) => PlacementMap;
  readonly #open = new Map<string, Promise<SourcePicture>>();

  /** `narrow` keeps new defects where the user wants them. */
  constructor(
    normals: readonly DatasetPicture[],
    kind: ProductKind,
    narrow: (map: PlacementMap) => PlacementMap = (map) => map,
  ) {
    if (normals.length === 0) {
      throw new AppError('bad-dataset', 'there are no good pictures to put new defects on', {
        hint: 'Import pictures of good parts too.',
      });
    }
    this.#normals = normals;
    this.#kind = kind;
    this.#narrow = narrow;
  }

  pick(rng: Rng): Promise<SourcePicture> {
    return this.open(this.#normals[rng.int(this.#normals.length)]);
  }

  open(picture: DatasetPicture): Promise<SourcePicture> {
    const known = this.#open.get(picture.id);
    if (known) return known;
    this.#makeRoom(picture);
    const opened = this.#decode(picture);
    this.#open.set(picture.id, opened);
    return opened;
  }

  #makeRoom({ width, height }: DatasetPicture): void {
    const most = Math.max(1, Math.min(KEPT, Math.floor(KEPT_PIXELS / (width * height))));
    for (const id of this.#open.keys()) if (this.#open.size >= most) this.#open.delete(id);
  }

  async #decode(picture: DatasetPicture): Promise<SourcePicture> {
    const { raster, icc } = await decodePicture(picture.path, { name: picture.file });
    const foreground = await paintedForeground(picture, raster, this.#kind);
    const map = this.#narrow(placementMap(foreground ?? fullMask(raster.width, raster.height)));
    return { picture, raster, icc, foreground, map };
  }
}

/** The few real defects of one type. */
export interface RealDefects {
  readonly shots: readonly Shot[];
  readonly masks: MaskSource;
  readonly stats: RealStats;
}

export async function realDefects(
  pictures: readonly DatasetPicture[],
  type: string,
  kind: ProductKind,
  scale: WorkingScale,
  white: number,
  wish: Wish = AS_LEARNED,
): Promise<RealDefects> {
  const shots: Shot[] = [];
  const foregrounds: (Mask | null)[] = [];
  for (const p of pictures) {
    if (p.type !== type) continue;
    const shot = await decodeShot(p);
    shots.push(shot);
    foregrounds.push(await paintedForeground(p, shot.raster, kind));
  }
  if (shots.length === 0) {
    throw new AppError('no-defects', `there is no labelled picture of "${type}"`, {
      hint: 'Import at least one with its mask.',
    });
  }
  const one = shapeSource(
    'real',
    realShapes(shots, foregrounds, scale),
    sized(medianMaskArea(shots), scale, wish),
  );
  return {
    shots,
    masks: severalDefects(one, wish.defects),
    stats: realStats(shots, foregrounds, white),
  };
}

/** Kind and white level where nothing was trained (`paste`). */
export async function judgeProduct(normals: readonly DatasetPicture[]): Promise<ProductKind> {
  const rasters: Raster[] = [];
  for (const p of normals.slice(0, 5)) rasters.push((await decodePicture(p.path, { name: p.file })).raster);
  return rasters.length > 0 ? productKind(rasters) : 'surface';
}
