// One micro-batch of noised latents with their holes; every draw comes from the step's own stream.

import type { Rng } from '../../../core/base/rng.ts';
import { addNoise } from '../../../core/diffusion/noising.ts';
import { levelAt, predictionTarget } from '../../../core/diffusion/parametrisation.ts';
import { type Backbone, latentLength, rowLength } from '../../backbones/backbone.ts';
import type { TensorData } from '../../runtime/executable.ts';
import type { HoleExample } from './good-examples.ts';

export interface HoleBatchOptions {
  readonly rows: number;
  /** Share of rows without words. */
  readonly dropWords: number;
  readonly unconditional: readonly number[];
  /** [h,w] that the loss counts, per example. */
  readonly region: (example: HoleExample) => Float32Array;
}

/** sample, timestep, ids, target and region of rows drawn from the examples. */
export function holeBatch(
  backbone: Backbone,
  examples: readonly HoleExample[],
  options: HoleBatchOptions,
  rng: Rng,
): Record<string, TensorData> {
  const { rows, dropWords, unconditional, region } = options;
  const { alphasCumprod, predictionType, promptLength, latentSize } = backbone;
  const [z, row] = [latentLength(backbone), rowLength(backbone)];
  const sample = new Float32Array(rows * row);
  const target = new Float32Array(rows * z);
  const timestep = new Float32Array(rows);
  const ids = new Int32Array(rows * promptLength);
  const regions = new Float32Array(rows * latentSize ** 2);
  for (let k = 0; k < rows; k++) {
    const example = rng.pick(examples);
    const t = rng.int(alphasCumprod.length);
    const level = levelAt(alphasCumprod[t]);
    const noise = rng.fillNormal(new Float32Array(z));
    sample.set(addNoise(example.latent, noise, level), k * row);
    backbone.writeBeside(sample.subarray(k * row + z, (k + 1) * row), example);
    target.set(predictionTarget(predictionType, example.latent, noise, level), k * z);
    timestep[k] = t;
    ids.set(rng.chance(dropWords) ? unconditional : example.prompt, k * promptLength);
    regions.set(region(example), k * latentSize ** 2);
  }
  return { sample, timestep, ids, target, region: regions };
}
