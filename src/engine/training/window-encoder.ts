// Encodes windows with a pack's autoencoder, a fixed number at a time.

import { Builder } from '../../core/graph/builder.ts';
import type { Program } from '../../core/graph/graph.ts';
import { packEncode } from '../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../core/nets/scope.ts';
import { LATENT_SIZE, WINDOW } from '../../core/recipes/pack/condition.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compileWith, type Runnable } from '../runtime/rows.ts';

const BATCH = 8;
const PICTURE = 3 * WINDOW * WINDOW;

/** image [rows,3,128,128] -> mean. */
export function encoderProgram(rows: number): Program {
  const s = new Scope(new Builder());
  return { outputs: { mean: packEncode(s, s.b.input('image', [rows, 3, WINDOW, WINDOW])).mean } };
}

/** Encodes windows [3,128,128] in [-1,1], `BATCH` at a time, to raw latent means. */
export class WindowEncoder {
  readonly #executable: Runnable;

  private constructor(executable: Runnable) {
    this.#executable = executable;
  }

  static async create(
    weights: Readonly<Record<string, Float32Array>>,
    options: CompileOptions,
  ): Promise<WindowEncoder> {
    return new WindowEncoder(await compileWith(weights, BATCH, encoderProgram, options));
  }

  async encode(windows: readonly Float32Array[]): Promise<Float32Array[]> {
    const latents: Float32Array[] = [];
    for (let at = 0; at < windows.length; at += BATCH) {
      const image = new Float32Array(BATCH * PICTURE);
      const part = windows.slice(at, at + BATCH);
      part.forEach((w, k) => {
        image.set(w, k * PICTURE);
      });
      const { mean } = await this.#executable.run({ image });
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
