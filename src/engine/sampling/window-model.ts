// The pack's networks compiled for generation, eight windows at a time.

import type { Rng } from '../../core/base/rng.ts';
import { Builder } from '../../core/graph/builder.ts';
import { packDecode } from '../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../core/nets/scope.ts';
import {
  blankHole,
  INPUT_CHANNELS,
  LATENT,
  LATENT_SIZE,
  normalizeLatents,
  restoreLatents,
  WINDOW,
  writeCondition,
} from '../../core/recipes/pack/condition.ts';
import { denoise, denoiseInputs } from '../../core/recipes/pack/denoise-loss.ts';
import { type AncestralSchedule, ancestralStep } from '../../core/recipes/windows/ancestral.ts';
import { keptCells } from '../../core/recipes/windows/kept-cells.ts';
import { PACK_ALPHAS } from '../packs/pack.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compileWith, type Runnable } from '../runtime/rows.ts';
import { WindowEncoder } from '../training/window-encoder.ts';
import type { Learned } from './learned.ts';

export const GROUP = 8;
const PLANE = LATENT * LATENT;

/** One window to draw. */
export interface WindowJob {
  /** [3,128,128] in [-1,1]: the picture as it is. */
  readonly image: Float32Array;
  /** [128,128] 0/1 */
  readonly mask: Uint8Array;
  readonly hole: Uint8Array;
  readonly prompt: readonly number[];
  /** The window that noise is added to where generation does not start from pure noise. */
  readonly start: Float32Array | null;
  readonly rng: Rng;
}

export class WindowModel {
  readonly #learned: Learned;
  readonly #unet: Runnable;
  readonly #decoder: Runnable;
  readonly encoder: WindowEncoder;

  private constructor(learned: Learned, unet: Runnable, decoder: Runnable, encoder: WindowEncoder) {
    this.#learned = learned;
    this.#unet = unet;
    this.#decoder = decoder;
    this.encoder = encoder;
  }

  static async create(learned: Learned, options: CompileOptions): Promise<WindowModel> {
    const { networks } = learned;
    const unet = (rows: number) => {
      const b = new Builder();
      const inputs = denoiseInputs(b, rows, networks.unet, LATENT, networks.text.maxPositions);
      const { sample } = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, networks);
      return { outputs: { prediction: sample } };
    };
    const decoder = (rows: number) => {
      const b = new Builder();
      return {
        outputs: { image: packDecode(new Scope(b), b.input('latent', [rows, 4, LATENT, LATENT])).image },
      };
    };
    const { weights, base } = learned;
    return new WindowModel(
      learned,
      await compileWith(weights, GROUP, unet, options),
      await compileWith(base.autoencoder, GROUP, decoder, options),
      await WindowEncoder.create(learned.base.autoencoder, options),
    );
  }

  async #encode(windows: readonly Float32Array[]): Promise<Float32Array[]> {
    const latents = await this.encoder.encode(windows);
    return latents.map((z) => normalizeLatents(z, this.#learned.pack.latentScale));
  }

  /** Draws up to eight windows; returns [3,128,128] in about [-1,1] each. Always a batch of eight. */
  async draw(
    jobs: readonly WindowJob[],
    schedule: AncestralSchedule,
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    const full = Array.from({ length: GROUP }, (_, k) => jobs[k] ?? jobs[0]);
    const known = await this.#encode(full.map((j) => j.image));
    const blanked = await this.#encode(
      full.map((j) => {
        const out = new Float32Array(j.image.length);
        blankHole(j.image, j.hole, out);
        return out;
      }),
    );
    const starts = full.some((j) => j.start) ? await this.#encode(full.map((j) => j.start ?? j.image)) : null;
    const keep = full.map((j) => keptCells(j.hole));
    const startNoise = full.map((j) => j.rng.fork('start').fillNormal(new Float32Array(LATENT_SIZE)));
    const abar = PACK_ALPHAS[schedule.timesteps[0]];
    let x = startNoise.map((noise, k) =>
      starts ? noise.map((n, i) => Math.sqrt(abar) * starts[k][i] + Math.sqrt(1 - abar) * n) : noise,
    );
    const sample = new Float32Array(GROUP * INPUT_CHANNELS * PLANE);
    full.forEach((j, k) => {
      writeCondition(sample, k, blanked[k], j.mask);
    });
    const ids = Int32Array.from(full.flatMap((j) => j.prompt));
    const { predictionType } = this.#learned.pack.scheduler;
    for (const [index, t] of schedule.timesteps.entries()) {
      signal.throwIfAborted();
      x.forEach((z, k) => {
        sample.set(z, k * INPUT_CHANNELS * PLANE);
      });
      const feeds = { sample, timestep: new Float32Array(GROUP).fill(t), ids };
      const output = (await this.#unet.run(feeds)).prediction as Float32Array;
      const step = { predictionType, alphasCumprod: PACK_ALPHAS, schedule, index };
      x = x.map((z, k) =>
        ancestralStep(
          step,
          z,
          output.subarray(k * LATENT_SIZE, (k + 1) * LATENT_SIZE),
          full[k].rng.fork(`step ${index}`).fillNormal(new Float32Array(LATENT_SIZE)),
          { known: known[k], startNoise: startNoise[k], keep: keep[k] },
        ),
      );
    }
    return (await this.decode(x)).slice(0, jobs.length);
  }

  /** Normalised latents, up to eight -> windows [3,128,128] in about [-1,1]. */
  async decode(latents: readonly Float32Array[]): Promise<Float32Array[]> {
    const latent = new Float32Array(GROUP * LATENT_SIZE);
    latents.forEach((z, k) => {
      latent.set(z, k * LATENT_SIZE);
    });
    restoreLatents(latent, this.#learned.pack.latentScale);
    const image = (await this.#decoder.run({ latent })).image as Float32Array;
    const size = 3 * WINDOW * WINDOW;
    return latents.map((_, k) => image.slice(k * size, (k + 1) * size));
  }

  async release(): Promise<void> {
    await Promise.all([this.#unet.release(), this.#decoder.release(), this.encoder.release()]);
  }
}
