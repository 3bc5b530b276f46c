// Held-out loss of the pack's U-Net: fixed windows, noise and levels, so that figures of different runs compare.

import { namedRng } from '../../../core/base/rng.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../../core/diffusion/noise-schedule.ts';
import { denoiseBatch, LATENT_SIZE, writeExample } from '../../../core/recipes/pack/condition.ts';
import { compile, type Executable, type TensorData } from '../../runtime/executable.ts';
import type { LatentPool } from './latent-pool.ts';
import { unetProgram } from './train-unet.ts';

export const VALIDATION_WINDOWS = 128;

/** t = 20..980, even over the windows. */
export function validationTimestep(i: number, count: number): number {
  return Math.round(20 + (960 * i) / (count - 1));
}

export class UnetValidation {
  readonly #pool: LatentPool;
  readonly #executable: Executable;

  private constructor(pool: LatentPool, executable: Executable) {
    this.#pool = pool;
    this.#executable = executable;
  }

  static async create(pool: LatentPool, threads: number): Promise<UnetValidation> {
    const { loss } = unetProgram(1);
    return new UnetValidation(pool, await compile({ outputs: { loss } }, { threads }));
  }

  /** Mean weighted v loss over windows with a hole in them, and over windows that are all hole. */
  async measure(
    weights: Readonly<Record<string, Float32Array>>,
  ): Promise<{ inpaint: number; whole: number }> {
    await this.#pool.ensure(0, VALIDATION_WINDOWS);
    const { alphasCumprod } = noiseSchedule(stableDiffusionSchedule());
    const row = denoiseBatch(1);
    const noise = new Float32Array(LATENT_SIZE);
    const examples = Array.from({ length: VALIDATION_WINDOWS }, (_, i) => this.#pool.read(i));
    const groups = { inpaint: [] as number[], whole: [] as number[] };
    for (const name of ['inpaint', 'whole'] as const) {
      const chosen = examples.filter((e) => e.hole.every((v) => v === 1) === (name === 'whole'));
      for (const [i, example] of chosen.entries()) {
        namedRng(1, `validation noise ${name} ${i}`).fillNormal(noise);
        writeExample(row, 0, example, validationTimestep(i, chosen.length), noise, alphasCumprod);
        const { loss } = await this.#executable.run({
          ...weights,
          ...(row as unknown as Record<string, TensorData>),
        });
        groups[name].push(loss[0]);
      }
    }
    const mean = (v: readonly number[]) => v.reduce((a, x) => a + x, 0) / v.length;
    return { inpaint: mean(groups.inpaint), whole: mean(groups.whole) };
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}
