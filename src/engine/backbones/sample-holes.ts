// DDIM in a part of a picture: what is outside comes back at every step, noised to that step's level.

import type { Rng } from '../../core/base/rng.ts';
import { guide } from '../../core/diffusion/guidance.ts';
import { addNoise, blendKnown } from '../../core/diffusion/noising.ts';
import { levelAt } from '../../core/diffusion/parametrisation.ts';
import { ddimStep } from '../../core/diffusion/samplers/ddim.ts';
import { singleStepGrid } from '../../core/diffusion/time-grid.ts';
import { type Beside, latentLength, rowLength } from './backbone.ts';
import type { LatentNetworks } from './latent-networks.ts';

/** One latent to sample. */
export interface HoleJob {
  /** Normalised latent of the picture. */
  readonly known: Float32Array;
  /** [h,w], 1 in cells that are kept. */
  readonly keep: Float32Array;
  readonly beside: Beside;
  readonly prompt: readonly number[];
  readonly rng: Rng;
}

export interface HoleSampler {
  /** Steps of the whole schedule (leading spacing, offset 1: 50 steps give 981, 961, ..., 1). */
  readonly steps: number;
  /** Share of the schedule that is gone through, from the noised picture; 1 starts from pure noise. */
  readonly from: number;
  readonly eta: number;
  /** Above 1 half of the network's rows have no words. */
  readonly guidance: number;
  readonly unconditional: readonly number[];
}

/** The timesteps that are visited, descending; never none. */
export function holeTimesteps({ steps, from }: Pick<HoleSampler, 'steps' | 'from'>, train: number): number[] {
  const grid = singleStepGrid(steps, { spacing: 'leading', stepsOffset: 0, numTrainTimesteps: train });
  const shifted = grid.map((t) => Math.min(train - 1, t + 1));
  const below = shifted.filter((t) => t < from * train);
  return below.length > 0 ? below : shifted.slice(-1);
}

/** Jobs that one pass of the networks can do. */
export const jobsPerPass = (networks: LatentNetworks, { guidance }: Pick<HoleSampler, 'guidance'>): number =>
  guidance > 1 ? Math.floor(networks.rows / 2) : networks.rows;

/** Samples up to `jobsPerPass` jobs; returns their normalised latents. */
export async function sampleHoles(
  networks: LatentNetworks,
  jobs: readonly HoleJob[],
  sampler: HoleSampler,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { backbone, rows } = networks;
  const { alphasCumprod, predictionType, latentChannels, latentSize } = backbone;
  const guided = sampler.guidance > 1;
  const most = jobsPerPass(networks, sampler);
  const full = Array.from({ length: most }, (_, k) => jobs[k] ?? jobs[0]);
  const [z, row] = [latentLength(backbone), rowLength(backbone)];
  const shape = [1, latentChannels, latentSize, latentSize];
  const sample = new Float32Array(rows * row);
  const ids = new Int32Array(rows * backbone.promptLength);
  full.forEach((job, k) => {
    for (const at of guided ? [k, k + most] : [k]) {
      backbone.writeBeside(sample.subarray(at * row + z, (at + 1) * row), job.beside);
      ids.set(at === k ? job.prompt : sampler.unconditional, at * backbone.promptLength);
    }
  });
  const timesteps = holeTimesteps(sampler, alphasCumprod.length);
  const stride = Math.floor(alphasCumprod.length / sampler.steps);
  const normal = (job: HoleJob, name: string) => job.rng.fork(name).fillNormal(new Float32Array(z));
  let x = full.map((job) => {
    const noise = normal(job, 'start');
    return sampler.from < 1 ? addNoise(job.known, noise, levelAt(alphasCumprod[timesteps[0]])) : noise;
  });
  for (const [i, t] of timesteps.entries()) {
    signal.throwIfAborted();
    const level = levelAt(alphasCumprod[t]);
    x = x.map((latent, k) => {
      const { known, keep } = full[k];
      return blendKnown(latent, addNoise(known, normal(full[k], `known ${i}`), level), keep, shape);
    });
    x.forEach((latent, k) => {
      sample.set(latent, k * row);
      if (guided) sample.set(latent, (k + most) * row);
    });
    const output = await networks.predict(sample, t, ids);
    const step = {
      predictionType,
      abar: alphasCumprod[t],
      abarPrevious: alphasCumprod[Math.max(0, t - stride)],
      eta: sampler.eta,
      clip: null,
    };
    x = x.map((latent, k) => {
      const own = output.subarray(k * z, (k + 1) * z);
      const said = guided
        ? guide(output.subarray((k + most) * z, (k + most + 1) * z), own, sampler.guidance)
        : own;
      const isLast = i === timesteps.length - 1;
      const noise = sampler.eta > 0 && !isLast ? normal(full[k], `step ${i}`) : undefined;
      return ddimStep(noise ? step : { ...step, eta: 0 }, latent, said, noise);
    });
  }
  return x.slice(0, jobs.length);
}
