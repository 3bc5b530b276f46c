// A backbone's networks compiled for a fixed number of rows: encode, decode, predict.

import { Builder } from '../../core/graph/builder.ts';
import { Scope } from '../../core/nets/scope.ts';
import { denoise, denoiseInputs } from '../../core/recipes/pack/denoise-loss.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compileWith, type Runnable } from '../runtime/rows.ts';
import { type Backbone, latentLength } from './backbone.ts';

type Weights = Readonly<Record<string, Float32Array>>;

export interface LatentNetworksInput {
  readonly backbone: Backbone;
  /** Rows that are computed together. */
  readonly rows: number;
  readonly autoencoder: Weights;
  /** Without it there is no prediction. */
  readonly denoiser?: { readonly weights: Weights; readonly addedTokens: number };
}

/** Programs of one network each, for a number of rows. */
export function latentPrograms(backbone: Backbone, addedTokens: number) {
  const { size, latentSize, latentChannels, networks, promptLength } = backbone;
  return {
    encode(rows: number) {
      const s = new Scope(new Builder());
      return { outputs: { mean: backbone.encode(s, s.b.input('image', [rows, 3, size, size])) } };
    },
    decode(rows: number) {
      const s = new Scope(new Builder());
      const latent = s.b.input('latent', [rows, latentChannels, latentSize, latentSize]);
      return { outputs: { image: backbone.decode(s, latent) } };
    },
    predict(rows: number) {
      const b = new Builder();
      const inputs = denoiseInputs(b, rows, networks.unet, latentSize, promptLength);
      const { sample } = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, {
        ...networks,
        addedTokens,
      });
      return { outputs: { prediction: sample } };
    },
  };
}

export class LatentNetworks {
  readonly backbone: Backbone;
  readonly rows: number;
  readonly #encoder: Runnable;
  readonly #decoder: Runnable;
  readonly #denoiser: Runnable | null;

  private constructor(
    { backbone, rows }: LatentNetworksInput,
    encoder: Runnable,
    decoder: Runnable,
    denoiser: Runnable | null,
  ) {
    this.backbone = backbone;
    this.rows = rows;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#denoiser = denoiser;
  }

  static async create(input: LatentNetworksInput, options: CompileOptions): Promise<LatentNetworks> {
    const { backbone, rows, autoencoder, denoiser } = input;
    const { encode, decode, predict } = latentPrograms(backbone, denoiser?.addedTokens ?? 0);
    const open = async (program: typeof encode | typeof decode | typeof predict, weights: Weights) =>
      compileWith(weights, rows, program, options);
    return new LatentNetworks(
      input,
      await open(encode, autoencoder),
      await open(decode, autoencoder),
      denoiser ? await open(predict, denoiser.weights) : null,
    );
  }

  /** Pictures [3,S,S] in [-1,1] -> normalised latents. */
  async encode(images: readonly Float32Array[]): Promise<Float32Array[]> {
    const { backbone } = this;
    const latents = await this.#each(this.#encoder, images, 3 * backbone.size ** 2, 'image', 'mean');
    return latents.map((z) => backbone.normalize(z));
  }

  /** Normalised latents -> pictures [3,S,S] in about [-1,1]. */
  decode(latents: readonly Float32Array[]): Promise<Float32Array[]> {
    const { backbone } = this;
    const raw = latents.map((z) => backbone.restore(z.slice()));
    return this.#each(this.#decoder, raw, latentLength(backbone), 'latent', 'image');
  }

  /** One evaluation of all rows: sample [rows,C,h,w], ids [rows,L]. */
  async predict(sample: Float32Array, t: number, ids: Int32Array): Promise<Float32Array> {
    const feeds = { sample, timestep: new Float32Array(this.rows).fill(t), ids };
    return (await (this.#denoiser as Runnable).run(feeds)).prediction as Float32Array;
  }

  async release(): Promise<void> {
    await Promise.all([this.#encoder.release(), this.#decoder.release(), this.#denoiser?.release()]);
  }

  async #each(
    network: Runnable,
    items: readonly Float32Array[],
    length: number,
    input: string,
    output: string,
  ): Promise<Float32Array[]> {
    const out: Float32Array[] = [];
    for (let at = 0; at < items.length; at += this.rows) {
      const all = new Float32Array(this.rows * length);
      const part = items.slice(at, at + this.rows);
      part.forEach((item, k) => {
        all.set(item, k * length);
      });
      const result = (await network.run({ [input]: all }))[output] as Float32Array;
      const each = result.length / this.rows;
      part.forEach((_, k) => {
        out.push(result.slice(k * each, (k + 1) * each));
      });
    }
    return out;
  }
}
