// Frozen networks as the mask network and the sampler need them: U-Net features of z_t, decoder features of a latent.

import type { Rng } from '../../../core/base/rng.ts';
import { addNoise } from '../../../core/diffusion/noising.ts';
import { levelAt } from '../../../core/diffusion/parametrisation.ts';
import { ddpmStep } from '../../../core/diffusion/samplers/ddpm.ts';
import { latentLength } from '../../backbones/backbone.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { compileWith, type Runnable } from '../../runtime/rows.ts';
import type { Row } from './batch.ts';
import { decoderWeights } from './encode.ts';
import type { PictureModel } from './picture-model.ts';
import { frozenPrograms } from './programs.ts';

type Weights = Readonly<Record<string, Float32Array>>;
export type Features = Record<string, Float32Array>;

export interface TapInput {
  readonly model: PictureModel;
  /** `unet/...` and `text/...`. */
  readonly weights: Weights;
  readonly autoencoder: Weights;
  readonly refinements: number;
  /** What an inpainting model sees beside a latent that is all to be painted; empty for other models. */
  readonly beside: Float32Array;
  readonly compile: CompileOptions;
}

export class FeatureTap {
  readonly #input: TapInput;
  readonly #unet: Runnable;
  readonly #decoder: Runnable;
  readonly #decoded: number;

  private constructor(input: TapInput, unet: Runnable, decoder: Runnable, decoded: number) {
    this.#input = input;
    this.#unet = unet;
    this.#decoder = decoder;
    this.#decoded = decoded;
  }

  /** For `rows` pictures, of which the first `decoded` get decoder features. */
  static async create(input: TapInput, rows: number, decoded: number): Promise<FeatureTap> {
    const { model, weights, autoencoder, refinements, compile } = input;
    const programs = frozenPrograms(model, refinements);
    const unet = await compileWith(weights, rows, programs.unet, compile);
    const own = decoderWeights(autoencoder);
    return new FeatureTap(input, unet, await compileWith(own, decoded, programs.features, compile), decoded);
  }

  /** One evaluation at z_t: `prediction`, `f1`, `f2`. */
  async evaluate(
    z: readonly Float32Array[],
    prompts: readonly (readonly number[])[],
    timesteps: readonly number[],
  ): Promise<Features> {
    const { beside } = this.#input;
    const row = z[0].length + beside.length;
    const sample = new Float32Array(z.length * row);
    z.forEach((latent, k) => {
      sample.set(latent, k * row);
      sample.set(beside, k * row + latent.length);
    });
    const feeds = { sample, timestep: Float32Array.from(timesteps), ids: Int32Array.from(prompts.flat()) };
    return (await this.#unet.run(feeds)) as Features;
  }

  /** Decoder features `v0`, `v1`, ... of normalised latents. */
  async decode(z: readonly Float32Array[]): Promise<Features> {
    const { backbone } = this.#input.model;
    const length = latentLength(backbone);
    const latent = new Float32Array(this.#decoded * length);
    z.forEach((v, k) => {
      latent.set(backbone.restore(v.slice()), k * length);
    });
    return (await this.#decoder.run({ latent })) as Features;
  }

  /** Noises latents to their timesteps, evaluates, steps the decoded ones back once (DDPM) and decodes them. */
  async noised(rows: readonly Row[], timesteps: readonly number[], rng: Rng): Promise<Features> {
    const { backbone } = this.#input.model;
    const { alphasCumprod, predictionType } = backbone;
    const length = latentLength(backbone);
    const noise = () => rng.fillNormal(new Float32Array(length));
    const z = rows.map(({ latent }, k) => addNoise(latent, noise(), levelAt(alphasCumprod[timesteps[k]])));
    const prompts = rows.map(({ prompt }) => prompt);
    const { prediction, f1, f2 } = await this.evaluate(z, prompts, timesteps);
    const previous = z.slice(0, this.#decoded).map((x, k) => {
      const t = timesteps[k];
      const step = {
        predictionType,
        abar: alphasCumprod[t],
        abarPrevious: t > 0 ? alphasCumprod[t - 1] : 1,
        varianceType: 'fixed_small' as const,
        clip: null,
      };
      const output = prediction.subarray(k * length, (k + 1) * length);
      return ddpmStep(step, x, output, t > 0 ? noise() : undefined);
    });
    return { f1, f2, ...(await this.decode(previous)) };
  }

  async release(): Promise<void> {
    await Promise.all([this.#unet.release(), this.#decoder.release()]);
  }
}
