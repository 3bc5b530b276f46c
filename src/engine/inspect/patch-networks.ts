// A backbone's features compiled: patch vectors of windows, distances to prototypes, difference of two windows.

import { Builder } from '../../core/graph/builder.ts';
import type { Value } from '../../core/graph/value.ts';
import { Scope } from '../../core/nets/scope.ts';
import {
  featureDifferences,
  featureMap,
  pixelDifference,
  scaledDifferences,
  smoothed,
} from '../../core/recipes/anomalysd/feature-distance.ts';
import { nearestDistance, patchVectors } from '../../core/recipes/anomalysd/prototypes.ts';
import type { Backbone } from '../backbones/backbone.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compileRows, compileWith, type Runnable } from '../runtime/rows.ts';

type Weights = Readonly<Record<string, Float32Array>>;

/** Width of a patch vector, and patches along a window's side. */
export function patchShape(backbone: Backbone): { width: number; side: number } {
  const s = new Scope(new Builder());
  const features = backbone.features(s, s.b.input('image', [1, 3, backbone.size, backbone.size]));
  const [rows, width] = patchVectors(s.b, features).shape;
  return { width, side: Math.round(Math.sqrt(rows)) };
}

/** How many maps a difference adds up. */
export function differenceTaps(backbone: Backbone, kind: string): number {
  if (kind === 'pixels') return 1;
  const s = new Scope(new Builder());
  return backbone.features(s, s.b.input('image', [1, 3, backbone.size, backbone.size])).length;
}

/** How differences are measured. */
export interface DifferenceForm {
  readonly kind: string;
  readonly blur: number;
  /** Of `scaled` features. */
  readonly variances: readonly Float32Array[];
}

/** Keeps a channel that never moves from dividing by nothing. */
const LEAST_VARIANCE = 1e-6;

export class PatchNetworks {
  readonly width: number;
  readonly side: number;
  readonly #backbone: Backbone;
  readonly #rows: number;
  readonly #weights: Weights;
  readonly #options: CompileOptions;
  #vectors: Runnable | null = null;
  #difference: Runnable | null = null;
  #nearest: { readonly count: number; readonly executable: Runnable } | null = null;

  /** `rows` windows are looked at together. */
  constructor(backbone: Backbone, autoencoder: Weights, rows: number, options: CompileOptions) {
    const { width, side } = patchShape(backbone);
    this.width = width;
    this.side = side;
    this.#backbone = backbone;
    this.#rows = rows;
    this.#weights = autoencoder;
    this.#options = options;
  }

  /** Patch vectors of windows [3,S,S] in [-1,1]: [side^2, width] each, of length 1. */
  async vectors(images: readonly Float32Array[]): Promise<Float32Array[]> {
    this.#vectors ??= await this.#compile((s, rows) =>
      patchVectors(s.b, this.#backbone.features(s, this.#picture(s, 'image', rows))),
    );
    return this.#each(this.#vectors, { image: images });
  }

  /** Distance of each patch [side^2, width] to the nearest row of the bank [M, width]. */
  async distances(patches: Float32Array, bank: Float32Array): Promise<Float32Array> {
    const count = bank.length / this.width;
    if (this.#nearest?.count !== count) {
      await this.#nearest?.executable.release();
      const program = (rows: number) => {
        const b = new Builder();
        const near = b.input('patches', [rows, this.width]);
        return { outputs: { out: nearestDistance(b, near, b.input('bank', [count, this.width])) } };
      };
      this.#nearest = { count, executable: await compileRows(this.side ** 2, program, this.#options) };
    }
    return (await this.#nearest.executable.run({ patches, bank })).out as Float32Array;
  }

  /** How far pairs of windows [3,S,S] are apart in the features, per pixel: [S,S] each. */
  async differences(
    images: readonly Float32Array[],
    others: readonly Float32Array[],
    { kind, blur, variances }: DifferenceForm,
  ): Promise<Float32Array[]> {
    this.#difference ??= await this.#compile((s, rows) => {
      const { b } = s;
      const pictures = ['image', 'other'].map((name) => this.#picture(s, name, rows));
      if (kind === 'pixels') {
        const [x, y] = smoothed(b, pictures, blur);
        return pixelDifference(b, x, y);
      }
      const [of, against] = pictures.map((picture) => smoothed(b, this.#backbone.features(s, picture), blur));
      const taps = variances.map((v) => b.constant(v, [v.length]));
      const apart =
        kind === 'scaled' ? scaledDifferences(b, of, against, taps) : featureDifferences(b, of, against);
      return featureMap(b, apart, this.#backbone.size);
    });
    return this.#each(this.#difference, { image: images, other: others });
  }

  /** Variance of every channel of every tap over windows, after averaging over `blur` cells. */
  async variances(images: readonly Float32Array[], blur: number): Promise<Float32Array[]> {
    const { size } = this.#backbone;
    const s = new Scope(new Builder());
    const features = this.#backbone.features(s, s.b.input('image', [1, 3, size, size]));
    const shapes = features.map(({ shape }) => shape);
    const moments = await this.#compile((scope, rows) => {
      const { b } = scope;
      const taps = smoothed(b, this.#backbone.features(scope, this.#picture(scope, 'image', rows)), blur);
      const parts = taps.flatMap((x) => [b.mean(x, [2, 3]), b.mean(b.square(x), [2, 3])]);
      return b.concat(parts, 1);
    });
    const each = await this.#each(moments, { image: images });
    await moments.release();
    const total = each[0].map((_, i) => each.reduce((sum, m) => sum + m[i] / each.length, 0));
    let at = 0;
    return shapes.map(([, channels]) => {
      const [mean, square] = [at, at + channels];
      at += 2 * channels;
      return Float32Array.from({ length: channels }, (_, c) =>
        Math.max(LEAST_VARIANCE, total[square + c] - total[mean + c] ** 2),
      );
    });
  }

  async release(): Promise<void> {
    const open = [this.#vectors, this.#difference, this.#nearest?.executable];
    await Promise.all(open.map((executable) => executable?.release()));
  }

  #picture(s: Scope, name: string, rows: number): Value {
    return s.b.input(name, [rows, 3, this.#backbone.size, this.#backbone.size]);
  }

  #compile(build: (s: Scope, rows: number) => Value): Promise<Runnable> {
    const own = new Scope(new Builder());
    build(own, 1);
    const weights = Object.fromEntries([...own.table.keys()].map((name) => [name, this.#weights[name]]));
    const program = (rows: number) => ({ outputs: { out: build(new Scope(new Builder()), rows) } });
    return compileWith(weights, this.#rows, program, this.#options);
  }

  async #each(
    network: Runnable,
    inputs: Readonly<Record<string, readonly Float32Array[]>>,
  ): Promise<Float32Array[]> {
    const [first] = Object.values(inputs);
    const out: Float32Array[] = [];
    for (let at = 0; at < first.length; at += this.#rows) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, items]) => {
          const all = new Float32Array(this.#rows * items[0].length);
          items.slice(at, at + this.#rows).forEach((item, k) => {
            all.set(item, k * item.length);
          });
          return [name, all];
        }),
      );
      const result = (await network.run(feeds)).out as Float32Array;
      const each = result.length / this.#rows;
      for (let k = 0; k < Math.min(this.#rows, first.length - at); k++)
        out.push(result.slice(k * each, (k + 1) * each));
    }
    return out;
  }
}
