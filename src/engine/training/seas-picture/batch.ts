// One micro-batch of whole pictures: defects first, then good ones; noised, with prompts, targets and masks.

import type { Rng } from '../../../core/base/rng.ts';
import { addNoise } from '../../../core/diffusion/noising.ts';
import { levelAt, predictionTarget } from '../../../core/diffusion/parametrisation.ts';
import { maskPyramid } from '../../../core/recipes/seas/mask-pyramid.ts';
import type { SeasPictureSettings } from '../../../core/recipes/seas/picture-settings.ts';
import { tokenSelection } from '../../../core/recipes/seas/prompts.ts';
import { squareVariant } from '../../../core/recipes/seas/square-variants.ts';
import { latentLength, rowLength } from '../../backbones/backbone.ts';
import type { TensorData } from '../../runtime/executable.ts';
import { drawLatent, type Latents, type Squares } from './examples.ts';
import type { Picked, Picks } from './picks.ts';
import type { PictureModel } from './picture-model.ts';

export interface BatchMaterial {
  readonly model: PictureModel;
  readonly squares: Squares;
  readonly latents: Latents;
  readonly settings: SeasPictureSettings;
  /** What an inpainting model sees beside a latent that is all to be painted; empty for other models. */
  readonly beside: Float32Array;
}

/** One item as the U-Net gets it. */
export interface Row {
  /** Normalised latent. */
  readonly latent: Float32Array;
  readonly prompt: readonly number[];
}

/** Latents and prompts of the picked pictures, defects first. */
export function rowsOf({ model, squares, latents, settings }: BatchMaterial, picks: Picks, rng: Rng): Row[] {
  const { backbone, product } = model;
  const draw = (posterior: ReturnType<Latents['good']>) =>
    backbone.normalize(drawLatent(posterior, settings.posterior, rng));
  return [
    ...picks.anomalies.map((pick) => ({
      latent: draw(latents.defect(pick)),
      prompt: product.anomaly[squares.defects[pick.index].type],
    })),
    ...picks.normals.map((pick) => ({ latent: draw(latents.good(pick)), prompt: product.normal })),
  ];
}

/** Rows of the U-Net's input [N,C,h,w] from noised latents. */
export function samplesOf(
  { model, beside }: Pick<BatchMaterial, 'model' | 'beside'>,
  z: readonly Float32Array[],
): Float32Array {
  const row = rowLength(model.backbone);
  const sample = new Float32Array(z.length * row);
  z.forEach((latent, k) => {
    sample.set(latent, k * row);
    sample.set(beside, k * row + latent.length);
  });
  return sample;
}

/** Masks of picked defects in their positions, [S,S] each. */
export const masksOf = ({ model, squares }: BatchMaterial, anomalies: readonly Picked[]): Float32Array[] =>
  anomalies.map(({ index, variant }) =>
    squareVariant(squares.defects[index].mask, model.backbone.size, variant),
  );

/** Every draw comes from `rng`. */
export function pictureBatch(
  material: BatchMaterial,
  picks: Picks,
  scales: readonly number[],
  rng: Rng,
): Record<string, TensorData> {
  const { model, squares, settings } = material;
  const { backbone, product } = model;
  const { alphasCumprod, predictionType, promptLength, latentSize, size } = backbone;
  const length = latentLength(backbone);
  const rows = rowsOf(material, picks, rng);
  const target = new Float32Array(rows.length * length);
  const timestep = new Float32Array(rows.length);
  const ids = new Int32Array(rows.length * promptLength);
  const z = rows.map(({ latent, prompt }, k) => {
    const t = rng.int(alphasCumprod.length);
    const level = levelAt(alphasCumprod[t]);
    const noise = rng.fillNormal(new Float32Array(length));
    target.set(predictionTarget(predictionType, latent, noise, level), k * length);
    timestep[k] = t;
    // A defect's row needs its words: the attention loss looks at them.
    const isNormal = k >= picks.anomalies.length;
    const dropped = rng.chance(settings.dropWords) && isNormal;
    ids.set(dropped ? product.unconditional : prompt, k * promptLength);
    return addNoise(latent, noise, level);
  });
  const data = new Float32Array(picks.anomalies.length * size * size);
  masksOf(material, picks.anomalies).forEach((mask, k) => {
    data.set(mask, k * size * size);
  });
  const pyramid = maskPyramid({ data, height: size, width: size }, [latentSize, latentSize], scales);
  const wanted = picks.anomalies.map(({ index }) => product.wanted[squares.defects[index].type]);
  return {
    sample: samplesOf(material, z),
    timestep,
    ids,
    target,
    selection: tokenSelection(ids, promptLength, wanted),
    ...Object.fromEntries(scales.map((s) => [`mask_${s}`, pyramid.get(s)?.data as Float32Array])),
  };
}
