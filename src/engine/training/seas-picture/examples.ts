// The few-shot pictures of a product as squares: masks of the defects, and the latents that a run will need.

import { AppError } from '../../../core/base/errors.ts';
import type { Rng } from '../../../core/base/rng.ts';
import { namedRng } from '../../../core/base/rng.ts';
import type { Raster } from '../../../core/image/raster.ts';
import { whiteLevel } from '../../../core/image/window-crop.ts';
import type { SeasPictureSettings } from '../../../core/recipes/seas/picture-settings.ts';
import { squareMask, squareOf, squarePicture } from '../../../core/recipes/seas/square.ts';
import { squareVariant } from '../../../core/recipes/seas/square-variants.ts';
import { type ProductKind, productKind } from '../../../core/recipes/windows/foreground.ts';
import { decodeShot } from '../../datasets/material.ts';
import { decodePicture } from '../../imaging/index.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { laneCount } from '../../runtime/rows.ts';
import type { DatasetPicture, TrainRequest } from '../../services.ts';
import { type Posterior, PosteriorEncoder } from './encode.ts';
import { distinct, type Picked, type Picks } from './picks.ts';
import type { PictureModel } from './picture-model.ts';

/** Good pictures that the kind of the product is judged by. */
const JUDGED = 5;
/** Pictures encoded together. */
const TOGETHER = 4;

export interface Defect {
  readonly picture: DatasetPicture;
  /** Index of its type. */
  readonly type: number;
  /** [S,S] 0..1 */
  readonly mask: Float32Array;
}

export interface Squares {
  readonly defects: readonly Defect[];
  readonly good: readonly DatasetPicture[];
  readonly kind: ProductKind;
  /** Code value of 1.0 of 16-bit pictures. */
  readonly white: number;
}

/** Decodes every defect once. Throws bad-dataset where a type has no defect inside the square. */
export async function loadSquares(
  request: Pick<TrainRequest, 'shots' | 'normals' | 'types' | 'seed'>,
  size: number,
  settings: SeasPictureSettings,
  context: RunContext,
): Promise<Squares> {
  const { shots, normals, types, seed } = request;
  const defects: Defect[] = [];
  const judged: Raster[] = [];
  let white = 255;
  const look = (raster: Raster): void => {
    white = Math.max(white, whiteLevel([raster]));
    if (judged.length < JUDGED) judged.push(raster);
  };
  const order = namedRng(seed, 'good pictures').permutation(normals.length);
  const good = order.slice(0, settings.goodPictures).map((i) => normals[i]);
  for (const picture of good.slice(0, JUDGED)) {
    look((await decodePicture(picture.path, { name: picture.file })).raster);
  }
  for (const picture of shots) {
    context.signal.throwIfAborted();
    const { raster, mask } = await decodeShot(picture);
    look(raster);
    const square = squareMask(mask, squareOf(raster, settings.fit), size);
    if (square.some((v) => v > 0)) {
      defects.push({ picture, type: types.indexOf(picture.type as string), mask: square });
    } else {
      const where = 'outside the middle square that is learned from (--set fit=whole takes all of it)';
      context.log('warn', `${picture.file}: its defect lies ${where}`);
    }
  }
  const without = types.find((_, t) => defects.every(({ type }) => type !== t));
  if (without !== undefined) {
    throw new AppError('bad-dataset', `no defect of "${without}" lies in the middle square of its picture`, {
      hint: 'Learn from whole pictures: --set fit=whole.',
    });
  }
  return { defects, good, kind: productKind(judged), white };
}

/** Posteriors of the autoencoder by picture and position. */
export class Latents {
  readonly #defects = new Map<string, Posterior>();
  readonly #good = new Map<string, Posterior>();

  /** Encodes what the updates will pick, and nothing else. */
  static async encode(
    model: PictureModel,
    autoencoder: Readonly<Record<string, Float32Array>>,
    squares: Squares,
    picks: readonly Picks[],
    settings: SeasPictureSettings,
    compile: CompileOptions,
    context: RunContext,
  ): Promise<Latents> {
    const latents = new Latents();
    const defects = distinct(picks, 'anomalies');
    const good = distinct(picks, 'normals');
    const total = defects.length + good.length;
    const lanes = laneCount(TOGETHER, compile.lanes ?? compile.threads);
    const encoder = await PosteriorEncoder.create(model, autoencoder, lanes, compile);
    let done = 0;
    const fill = async (
      out: Map<string, Posterior>,
      wanted: readonly Picked[],
      pictures: readonly DatasetPicture[],
    ) => {
      for (const index of new Set(wanted.map((pick) => pick.index))) {
        const { size } = model.backbone;
        const { raster } = await decodePicture(pictures[index].path, { name: pictures[index].file });
        const square = squarePicture(raster, squareOf(raster, settings.fit), size, squares.white);
        const variants = wanted.filter((pick) => pick.index === index).map((pick) => pick.variant);
        for (let at = 0; at < variants.length; at += TOGETHER) {
          context.signal.throwIfAborted();
          const part = variants.slice(at, at + TOGETHER);
          const found = await encoder.encode(part.map((v) => squareVariant(square, size, v)));
          part.forEach((variant, k) => {
            out.set(`${index}/${variant}`, found[k]);
          });
          done += part.length;
          context.progress(done, total, 'encoding pictures');
        }
      }
    };
    try {
      await fill(
        latents.#defects,
        defects,
        squares.defects.map((d) => d.picture),
      );
      await fill(latents.#good, good, squares.good);
    } finally {
      await encoder.release();
    }
    return latents;
  }

  defect = ({ index, variant }: Picked): Posterior => this.#defects.get(`${index}/${variant}`) as Posterior;
  good = ({ index, variant }: Picked): Posterior => this.#good.get(`${index}/${variant}`) as Posterior;
}

/** A raw latent: drawn from the posterior, or its mean. */
export function drawLatent({ mean, logVariance }: Posterior, isDrawn: boolean, rng: Rng): Float32Array {
  if (!isDrawn) return mean.slice();
  const noise = rng.fillNormal(new Float32Array(mean.length));
  return mean.map((m, i) => m + Math.exp(logVariance[i] / 2) * noise[i]);
}
