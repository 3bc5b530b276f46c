// Frozen features for the mask network: U-Net up blocks of z_t and decoder features of a latent.

import type { Rng } from '../../../core/base/rng.ts';
import { addNoise } from '../../../core/diffusion/noising.ts';
import { levelAt } from '../../../core/diffusion/parametrisation.ts';
import { ddpmStep } from '../../../core/diffusion/samplers/ddpm.ts';
import { Builder } from '../../../core/graph/builder.ts';
import type { Program } from '../../../core/graph/graph.ts';
import { packDecode } from '../../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../../core/nets/scope.ts';
import type { UnetConfig } from '../../../core/nets/unet-2d-condition.ts';
import {
  INPUT_CHANNELS,
  LATENT,
  LATENT_SIZE,
  restoreLatents,
  WINDOW,
  writeCondition,
} from '../../../core/recipes/pack/condition.ts';
import { type DenoiseNetworks, denoise, denoiseInputs } from '../../../core/recipes/pack/denoise-loss.ts';
import { PACK_ALPHAS, type Pack, type PackWeights } from '../../packs/pack.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { compileWith, type Runnable } from '../../runtime/rows.ts';

export const DECODER_SHAPE = [48, 2 * LATENT, 2 * LATENT] as const;

/** Shapes of the first two up blocks of a window pack's U-Net, without the batch. */
export function upBlockShapes({ blockOutChannels }: UnetConfig): readonly (readonly number[])[] {
  const [inner, outer] = [...blockOutChannels].reverse();
  return [
    [inner, LATENT / 2, LATENT / 2],
    [outer, LATENT, LATENT],
  ];
}

const ALL = new Uint8Array(WINDOW * WINDOW).fill(1);

export interface TapInput {
  readonly pack: Pack;
  readonly base: PackWeights;
  readonly networks: DenoiseNetworks;
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly examples: { readonly blank: Float32Array };
  readonly compile: CompileOptions;
}

export interface TappedFeatures {
  readonly f1: Float32Array;
  readonly f2: Float32Array;
  readonly v0: Float32Array;
}

/** What a tap runs, for a number of windows. */
export function tapPrograms(networks: DenoiseNetworks) {
  const unet = (rows: number): Program => {
    const b = new Builder();
    const inputs = denoiseInputs(b, rows, networks.unet, LATENT, networks.text.maxPositions);
    const result = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, networks);
    return { outputs: { prediction: result.sample, f1: result.upBlocks[0], f2: result.upBlocks[1] } };
  };
  const decoder = (rows: number): Program => {
    const b = new Builder();
    const { features } = packDecode(new Scope(b), b.input('latent', [rows, 4, LATENT, LATENT]));
    return { outputs: { v0: features[0] } };
  };
  return { unet, decoder };
}

export class FeatureTap {
  readonly #input: TapInput;
  readonly #unet: Runnable;
  readonly #decoder: Runnable;
  readonly #items: number;
  readonly #decoded: number;

  private constructor(input: TapInput, unet: Runnable, decoder: Runnable, items: number, decoded: number) {
    this.#input = input;
    this.#unet = unet;
    this.#decoder = decoder;
    this.#items = items;
    this.#decoded = decoded;
  }

  /** For batches of `items` windows, of which the first `decoded` get decoder features. */
  static async create(input: TapInput, items: number, decoded: number): Promise<FeatureTap> {
    const { unet, decoder } = tapPrograms(input.networks);
    return new FeatureTap(
      input,
      await compileWith(input.weights, items, unet, input.compile),
      await compileWith(input.base.autoencoder, decoded, decoder, input.compile),
      items,
      decoded,
    );
  }

  /** One U-Net evaluation of whole windows at z_t [items x 4,32,32]; prompts and timesteps per item. */
  async evaluate(
    z: readonly Float32Array[],
    prompts: readonly (readonly number[])[],
    timesteps: readonly number[],
  ): Promise<{ prediction: Float32Array; f1: Float32Array; f2: Float32Array }> {
    const sample = new Float32Array(this.#items * INPUT_CHANNELS * LATENT * LATENT);
    z.forEach((latent, k) => {
      sample.set(latent, k * INPUT_CHANNELS * LATENT * LATENT);
      writeCondition(sample, k, this.#input.examples.blank, ALL);
    });
    const results = await this.#unet.run({
      sample,
      timestep: Float32Array.from(timesteps),
      ids: Int32Array.from(prompts.flat()),
    });
    return results as { prediction: Float32Array; f1: Float32Array; f2: Float32Array };
  }

  /** Decoder features of normalised latents. */
  async decode(z: readonly Float32Array[]): Promise<Float32Array> {
    const latent = new Float32Array(this.#decoded * LATENT_SIZE);
    z.forEach((v, k) => {
      latent.set(v, k * LATENT_SIZE);
    });
    restoreLatents(latent, this.#input.pack.latentScale);
    const { v0 } = await this.#decoder.run({ latent });
    return v0 as Float32Array;
  }

  /** Noises latents to their timesteps, evaluates, steps the decoded ones back once (DDPM) and decodes them. */
  async noised(
    latents: readonly Float32Array[],
    prompts: readonly (readonly number[])[],
    timesteps: readonly number[],
    rng: Rng,
  ): Promise<TappedFeatures> {
    const noise = () => rng.fillNormal(new Float32Array(LATENT_SIZE));
    const z = latents.map((x0, k) => addNoise(x0, noise(), levelAt(PACK_ALPHAS[timesteps[k]])));
    const { prediction, f1, f2 } = await this.evaluate(z, prompts, timesteps);
    const previous = z.slice(0, this.#decoded).map((x, k) => {
      const t = timesteps[k];
      const output = prediction.subarray(k * LATENT_SIZE, (k + 1) * LATENT_SIZE);
      const step = {
        predictionType: this.#input.pack.scheduler.predictionType,
        abar: PACK_ALPHAS[t],
        abarPrevious: t > 0 ? PACK_ALPHAS[t - 1] : 1,
        varianceType: 'fixed_small' as const,
        clip: null,
      };
      return ddpmStep(step, x, output, t > 0 ? noise() : undefined);
    });
    return { f1, f2, v0: await this.decode(previous) };
  }

  async release(): Promise<void> {
    await this.#unet.release();
    await this.#decoder.release();
  }
}
