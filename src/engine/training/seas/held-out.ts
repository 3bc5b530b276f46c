// Held-out v-loss: the mean squared v error over the holes of windows of defects that training never saw.

import { namedRng } from '../../../core/base/rng.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { Scope } from '../../../core/nets/scope.ts';
import {
  denoiseBatch,
  type Example,
  LATENT,
  LATENT_SIZE,
  WINDOW,
  writeExample,
} from '../../../core/recipes/pack/condition.ts';
import {
  type DenoiseNetworks,
  denoise,
  denoiseInputs,
  weightedError,
} from '../../../core/recipes/pack/denoise-loss.ts';
import { PACK_ALPHAS } from '../../packs/pack.ts';
import type { CompileOptions, TensorData } from '../../runtime/executable.ts';
import { compileRows, type Runnable } from '../../runtime/rows.ts';

export const HELD_OUT_WINDOWS = 48;
const BATCH = 8;

/** 1 in latent cells that touch the hole, 0 elsewhere, mean 1: the error is averaged over the hole alone. */
function holeOnly(hole: Uint8Array, out: Float32Array): void {
  out.fill(0);
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) out[Math.floor(i / WINDOW / 4) * LATENT + Math.floor((i % WINDOW) / 4)] = 1;
  }
  const cells = out.reduce((n, v) => n + v, 0);
  for (let i = 0; i < out.length; i++) out[i] *= out.length / cells;
}

export class HeldOutLoss {
  readonly #executable: Runnable;
  readonly #examples: readonly Example[];

  private constructor(executable: Runnable, examples: readonly Example[]) {
    this.#executable = executable;
    this.#examples = examples;
  }

  /** `examples`: a multiple of 8 windows with holes. */
  static async create(
    networks: DenoiseNetworks,
    examples: readonly Example[],
    options: CompileOptions,
  ): Promise<HeldOutLoss> {
    const program = (rows: number) => {
      const b = new Builder();
      const inputs = denoiseInputs(b, rows, networks.unet, LATENT, networks.text.maxPositions);
      const { sample } = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, networks);
      const target = b.input('target', [rows, 4, LATENT, LATENT]);
      return {
        outputs: { loss: weightedError(b, sample, target, b.input('weight', [rows, 1, LATENT, LATENT])) },
      };
    };
    return new HeldOutLoss(await compileRows(BATCH, program, options), examples);
  }

  /** Fixed noise, t = 20..980 even over the windows. */
  async measure(weights: Readonly<Record<string, Float32Array>>): Promise<number> {
    const count = this.#examples.length;
    const rows = denoiseBatch(BATCH);
    const noise = new Float32Array(LATENT_SIZE);
    let total = 0;
    await this.#executable.hold(weights);
    for (let at = 0; at < count; at += BATCH) {
      for (let k = 0; k < BATCH; k++) {
        const example = this.#examples[at + k];
        const t = Math.round(20 + (960 * (at + k)) / Math.max(1, count - 1));
        namedRng(0, `held-out noise ${at + k}`).fillNormal(noise);
        writeExample(rows, k, example, t, noise, PACK_ALPHAS);
        holeOnly(example.hole, rows.weight.subarray(k * LATENT * LATENT, (k + 1) * LATENT * LATENT));
      }
      const { loss } = await this.#executable.run(rows as unknown as Record<string, TensorData>);
      // One mean per lane.
      total += ((loss as Float32Array).reduce((a, v) => a + v, 0) / loss.length) * BATCH;
    }
    return total / count;
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}
