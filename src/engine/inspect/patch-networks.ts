// A backbone's features compiled: patch vectors of windows, distances to prototypes, difference of two windows.

import { Builder } from '../../core/graph/builder.ts';
import { Scope } from '../../core/nets/scope.ts';
import { featureDifferences, featureMap } from '../../core/recipes/anomalysd/feature-distance.ts';
import { nearestDistance, patchVectors } from '../../core/recipes/anomalysd/prototypes.ts';
import type { Backbone } from '../backbones/backbone.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compile, type Executable } from '../runtime/executable.ts';

type Weights = Readonly<Record<string, Float32Array>>;

/** Width of a patch vector, and patches along a window's side. */
export function patchShape(backbone: Backbone): { width: number; side: number } {
  const s = new Scope(new Builder());
  const features = backbone.features(s, s.b.input('image', [1, 3, backbone.size, backbone.size]));
  const [rows, width] = patchVectors(s.b, features).shape;
  return { width, side: Math.round(Math.sqrt(rows)) };
}

/** How many feature maps a difference adds up. */
export function featureTaps(backbone: Backbone): number {
  const s = new Scope(new Builder());
  return backbone.features(s, s.b.input('image', [1, 3, backbone.size, backbone.size])).length;
}

export class PatchNetworks {
  readonly width: number;
  readonly side: number;
  readonly #backbone: Backbone;
  readonly #weights: Weights;
  readonly #options: CompileOptions;
  #vectors: Executable | null = null;
  #difference: Executable | null = null;
  #nearest: { readonly count: number; readonly executable: Executable } | null = null;

  constructor(backbone: Backbone, autoencoder: Weights, options: CompileOptions) {
    const { width, side } = patchShape(backbone);
    this.width = width;
    this.side = side;
    this.#backbone = backbone;
    this.#weights = autoencoder;
    this.#options = options;
  }

  /** Patch vectors of one window [3,S,S] in [-1,1]: [side^2, width], each of length 1. */
  async vectors(image: Float32Array): Promise<Float32Array> {
    this.#vectors ??= await this.#compile((s) => {
      const { size } = this.#backbone;
      return { out: patchVectors(s.b, this.#backbone.features(s, s.b.input('image', [1, 3, size, size]))) };
    });
    return (await this.#vectors.run({ image })).out as Float32Array;
  }

  /** Distance of each patch [side^2, width] to the nearest row of the bank [M, width]. */
  async distances(patches: Float32Array, bank: Float32Array): Promise<Float32Array> {
    const count = bank.length / this.width;
    if (this.#nearest?.count !== count) {
      await this.#nearest?.executable.release();
      const executable = await this.#compile((s) => ({
        out: nearestDistance(
          s.b,
          s.b.input('patches', [this.side ** 2, this.width]),
          s.b.input('bank', [count, this.width]),
        ),
      }));
      this.#nearest = { count, executable };
    }
    return (await this.#nearest.executable.run({ patches, bank })).out as Float32Array;
  }

  /** How far two windows [3,S,S] are apart in the features, per pixel: [S,S]. */
  async difference(image: Float32Array, other: Float32Array): Promise<Float32Array> {
    this.#difference ??= await this.#compile((s) => {
      const { b } = s;
      const { size } = this.#backbone;
      const shape = [1, 3, size, size];
      const [of, others] = ['image', 'other'].map((n) => this.#backbone.features(s, b.input(n, shape)));
      return { out: featureMap(b, featureDifferences(b, of, others), size) };
    });
    return (await this.#difference.run({ image, other })).out as Float32Array;
  }

  async release(): Promise<void> {
    const open = [this.#vectors, this.#difference, this.#nearest?.executable];
    await Promise.all(open.map((executable) => executable?.release()));
  }

  async #compile(
    build: (s: Scope) => Record<string, ReturnType<typeof patchVectors>>,
  ): Promise<Executable> {
    const s = new Scope(new Builder());
    const executable = await compile({ outputs: build(s) }, this.#options);
    const used = Object.keys(executable.inputs).filter((name) => this.#weights[name]);
    await executable.hold(Object.fromEntries(used.map((name) => [name, this.#weights[name]])));
    return executable;
  }
}
