// The denoising loss on pictures of defects that training never saw: fixed noise, fixed timesteps.

import { namedRng } from '../../../core/base/rng.ts';
import { addNoise } from '../../../core/diffusion/noising.ts';
import { levelAt, predictionTarget } from '../../../core/diffusion/parametrisation.ts';
import { whiteLevel } from '../../../core/image/window-crop.ts';
import { squareOf, squarePicture } from '../../../core/recipes/seas/square.ts';
import { latentLength } from '../../backbones/backbone.ts';
import { decodePicture } from '../../imaging/index.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { compileWith, laneCount } from '../../runtime/rows.ts';
import type { DatasetPicture } from '../../services.ts';
import { type BatchMaterial, type Row, samplesOf } from './batch.ts';
import type { PosteriorEncoder } from './encode.ts';
import { frozenPrograms } from './programs.ts';

type Weights = Readonly<Record<string, Float32Array>>;
type Material = Pick<BatchMaterial, 'model' | 'settings' | 'beside'>;

/** A choice of them by the seed, encoded. */
export async function heldOutRows(
  { model, settings }: Pick<BatchMaterial, 'model' | 'settings'>,
  pictures: readonly DatasetPicture[],
  types: readonly string[],
  seed: number,
  encoder: PosteriorEncoder,
): Promise<Row[]> {
  const { backbone, product } = model;
  const chosen = namedRng(seed, 'held out').permutation(pictures.length).slice(0, settings.heldOut);
  const rows: Row[] = [];
  for (const at of chosen) {
    const picture = pictures[at];
    const { raster } = await decodePicture(picture.path, { name: picture.file });
    const rect = squareOf(raster, settings.fit);
    const [{ mean }] = await encoder.encode([
      squarePicture(raster, rect, backbone.size, whiteLevel([raster])),
    ]);
    rows.push({
      latent: backbone.normalize(mean),
      prompt: product.anomaly[types.indexOf(picture.type as string)],
    });
  }
  return rows;
}

/** t = 20 to 980 even over the pictures; null where there are none. */
export async function heldOutLoss(
  material: Material,
  rows: readonly Row[],
  weights: Weights,
  compile: CompileOptions,
): Promise<number | null> {
  if (rows.length === 0) return null;
  const { model } = material;
  const { alphasCumprod, predictionType } = model.backbone;
  const length = latentLength(model.backbone);
  const together = laneCount(2, compile.lanes ?? compile.threads);
  const network = await compileWith(weights, together, frozenPrograms(model, 0).predict, compile);
  const last = alphasCumprod.length - 1;
  let sum = 0;
  try {
    for (let at = 0; at < rows.length; at += together) {
      const part = Array.from({ length: together }, (_, k) => Math.min(at + k, rows.length - 1));
      const noised = part.map((i) => {
        const t = Math.round((last * (20 + (960 * i) / Math.max(1, rows.length - 1))) / 1000);
        const level = levelAt(alphasCumprod[t]);
        const noise = namedRng(0, `held-out noise ${i}`).fillNormal(new Float32Array(length));
        const { latent } = rows[i];
        return {
          t,
          z: addNoise(latent, noise, level),
          target: predictionTarget(predictionType, latent, noise, level),
        };
      });
      const { prediction } = await network.run({
        sample: samplesOf(
          material,
          noised.map((n) => n.z),
        ),
        timestep: Float32Array.from(noised, (n) => n.t),
        ids: Int32Array.from(part.flatMap((i) => rows[i].prompt)),
      });
      for (let k = 0; k < together && at + k < rows.length; k++) {
        const own = prediction.subarray(k * length, (k + 1) * length);
        sum += noised[k].target.reduce((total, v, i) => total + (v - own[i]) ** 2, 0) / length;
      }
    }
  } finally {
    await network.release();
  }
  return sum / rows.length;
}
