// Squares to the autoencoder's posterior, a fixed number at a time.

import type { CompileOptions } from '../../runtime/executable.ts';
import { compileWith, type Runnable } from '../../runtime/rows.ts';
import type { PictureModel } from './picture-model.ts';
import { frozenPrograms } from './programs.ts';

/** Of a raw latent [C,h,w], not multiplied by the scaling factor. */
export interface Posterior {
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
}

export class PosteriorEncoder {
  readonly #network: Runnable;
  readonly #rows: number;

  private constructor(network: Runnable, rows: number) {
    this.#network = network;
    this.#rows = rows;
  }

  static async create(
    model: PictureModel,
    autoencoder: Readonly<Record<string, Float32Array>>,
    rows: number,
    options: CompileOptions,
  ): Promise<PosteriorEncoder> {
    const own = encoderWeights(autoencoder);
    const network = await compileWith(own, rows, frozenPrograms(model, 0).encode, options);
    return new PosteriorEncoder(network, rows);
  }

  /** Squares [3,S,S] in [-1,1]. */
  async encode(squares: readonly Float32Array[]): Promise<Posterior[]> {
    const out: Posterior[] = [];
    for (let at = 0; at < squares.length; at += this.#rows) {
      const part = squares.slice(at, at + this.#rows);
      const image = new Float32Array(this.#rows * part[0].length);
      part.forEach((square, k) => {
        image.set(square, k * square.length);
      });
      const results = (await this.#network.run({ image })) as Record<'mean' | 'logVariance', Float32Array>;
      const length = results.mean.length / this.#rows;
      part.forEach((_, k) => {
        const own = (values: Float32Array) => values.slice(k * length, (k + 1) * length);
        out.push({ mean: own(results.mean), logVariance: own(results.logVariance) });
      });
    }
    return out;
  }

  release(): Promise<void> {
    return this.#network.release();
  }
}

const isEncoder = (name: string) => name.startsWith('encoder.') || name.startsWith('quant_conv.');
type Weights = Readonly<Record<string, Float32Array>>;
const only = (weights: Weights, wants: (name: string) => boolean): Weights =>
  Object.fromEntries(Object.entries(weights).filter(([name]) => wants(name)));

export const encoderWeights = (weights: Weights): Weights => only(weights, isEncoder);
export const decoderWeights = (weights: Weights): Weights => only(weights, (name) => !isEncoder(name));
