// Encodes windows with a pack's autoencoder, a fixed number at a time.

import { Builder } from '../../core/graph/builder.ts';
import { packEncode } from '../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../core/nets/scope.ts';
import { LATENT_SIZE, WINDOW } from '../../core/recipes/pack/condition.ts';
import { compile, type Executable } from '../runtime/executable.ts';

const BATCH = 8;
const PICTURE = 3 * WINDOW * WINDOW;

/** Encodes windows [3,128,128] in [-1,1], `BATCH` at a time, to raw latent means. */
export class WindowEncoder {
  readonly #executable: Executable;
  readonly #weights: Readonly<Record<string, Float32Array>>;

  private constructor(executable: Executable, weights: Readonly<Record<string, Float32Array>>) {
    this.#executable = executable;
    this.#weights = weights;
  }

  static async create(
    weights: Readonly<Record<string, Float32Array>>,
    threads: number,
  ): Promise<WindowEncoder> {
    const s = new Scope(new Builder());
    const { mean } = packEncode(s, s.b.input('image', [BATCH, 3, WINDOW, WINDOW]));
    return new WindowEncoder(await compile({ outputs: { mean } }, { threads }), weights);
  }

  async encode(windows: readonly Float32Array[]): Promise<Float32Array[]> {
    const latents: Float32Array[] = [];
    for (let at = 0; at < windows.length; at += BATCH) {
      const image = new Float32Array(BATCH * PICTURE);
      const part = windows.slice(at, at + BATCH);
      part.forEach((w, k) => {
        image.set(w, k * PICTURE);
      });
      const { mean } = await this.#executable.run({ ...this.#weights, image });
      part.forEach((_, k) => {
        latents.push((mean as Float32Array).slice(k * LATENT_SIZE, (k + 1) * LATENT_SIZE));
      });
    }
    return latents;
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}
