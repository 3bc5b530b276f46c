// The real pictures of a proof, decoded once: shots and good pictures as working copies, and what validates.

import { namedRng } from '../../core/base/rng.ts';
import { emptyMask, type Mask, type Raster } from '../../core/image/raster.ts';
import { whiteLevel } from '../../core/image/window-crop.ts';
import type { LabelledPicture } from '../../core/recipes/detector/shot-windows.ts';
import { productKind } from '../../core/recipes/windows/foreground.ts';
import { chooseWorkingScale } from '../../core/recipes/windows/working-scale.ts';
import { chooseGoods, decodeShot, paintedForeground } from '../datasets/material.ts';
import type { ValidationPicture } from '../detectors/detector.ts';
import { decodePicture } from '../imaging/index.ts';
import type { DatasetPicture } from '../services.ts';
import { dividedNormals, type MaterialJob, shotPictures } from './job.ts';
import { decodeLabelled } from './labelled.ts';
import { type CopyScale, copyDefect, copyGood } from './working-copy.ts';

export interface ProofMaterial {
  readonly scale: CopyScale;
  readonly shots: readonly LabelledPicture[];
  readonly goods: readonly { readonly raster: Raster; readonly foreground?: Mask }[];
  readonly validation: readonly ValidationPicture[];
  /** Whether real pictures validate, or turned and exposed copies of the shots. */
  readonly validatesOnShots: boolean;
}

/** With one shot nobody has others to validate with. */
const FEWEST_FOR_REAL_VALIDATION = 2;
/** Real validation pictures that are used. */
const MOST_VALIDATION = 8;
/** Exposure of the shots' copies that validate. */
const DARKER = 0.93;

export async function loadProofMaterial(job: MaterialJob, signal: AbortSignal): Promise<ProofMaterial> {
  const rows = shotPictures(job);
  const decoded = [];
  for (const row of rows) decoded.push(await decodeShot(row));
  const { training, validation: validationGoods } = dividedNormals(job);
  const goods = [];
  for (const picture of chooseGoods(training, namedRng(job.seed, 'good pictures'))) {
    signal.throwIfAborted();
    goods.push({ picture, raster: (await decodePicture(picture.path, { name: picture.file })).raster });
  }
  const { scale } = chooseWorkingScale(decoded, job.settings.window);
  const white = whiteLevel([...decoded, ...goods].map((p) => p.raster));
  const copy: CopyScale = { scale, side: job.settings.window, white };
  const kind = productKind(goods.map((g) => g.raster));
  const copies = [];
  for (const { picture, raster } of goods)
    copies.push(copyGood(raster, await paintedForeground(picture, raster, kind), copy));
  const shots = [];
  for (const row of rows) shots.push(...(await shotCopy(job, row.id, copy)));
  const validation = await validationPictures(job, validationGoods);
  return { scale: copy, shots, goods: copies, ...validation };
}

/** All defects of the shot's picture are labelled, also those of other types. */
async function shotCopy(job: MaterialJob, id: string, copy: CopyScale): Promise<LabelledPicture[]> {
  const shot = job.pictures.get(id)!;
  const { raster, mask } = await decodeLabelled(rowsOf(job, shot.sha256));
  const part = copyDefect(raster, mask, copy);
  return part === null ? [] : [{ ...part, type: shot.type! }];
}

/** Every labelled row of one content. */
function rowsOf(job: MaterialJob, sha256: string): DatasetPicture[] {
  return [...job.pictures.values()].filter((p) => p.sha256 === sha256 && p.maskPath !== null);
}

async function validationPictures(
  job: MaterialJob,
  normals: readonly DatasetPicture[],
): Promise<Pick<ProofMaterial, 'validation' | 'validatesOnShots'>> {
  const goods: ValidationPicture[] = [];
  for (const { path, file } of normals) {
    const { raster } = await decodePicture(path, { name: file });
    goods.push({ raster, mask: emptyMask(raster.width, raster.height) });
  }
  const shots = shotPictures(job);
  const perType = Math.max(...job.split.types.map((type) => type.shots));
  const real = perType >= FEWEST_FOR_REAL_VALIDATION ? job.split.validation.slice(0, MOST_VALIDATION) : [];
  const defects: ValidationPicture[] = [];
  for (const { rows } of real) {
    const { raster, mask } = await decodeLabelled(rows.map((row) => job.pictures.get(row.id)!));
    defects.push({ raster, mask });
  }
  if (defects.length > 0) return { validation: [...defects, ...goods], validatesOnShots: false };
  for (const { sha256 } of shots) {
    const { raster, mask } = await decodeLabelled(rowsOf(job, sha256));
    defects.push(mirrored(raster, mask));
  }
  return { validation: [...defects, ...goods], validatesOnShots: true };
}

/** Mirrored and a little darker: what a shot can say about pictures that were not trained on. */
function mirrored(raster: Raster, mask: Mask): ValidationPicture {
  const { width, height, channels } = raster;
  const data = raster.data.slice();
  const own = mask.data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [to, from] = [y * width + x, y * width + width - 1 - x];
      own[to] = mask.data[from];
      for (let c = 0; c < channels; c++)
        data[to * channels + c] = Math.round(DARKER * raster.data[from * channels + c]);
    }
  }
  return { raster: { ...raster, data }, mask: { ...mask, data: own } };
}
