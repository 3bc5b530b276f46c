// Trains the pack's autoencoder on rendered crops (embedded-pack.md section 4). Resumable.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng } from '../../../core/base/rng.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { initialWeights } from '../../../core/nets/init.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { planCrop, writeCrop } from '../../../core/recipes/pack/autoencoder-batch.ts';
import { autoencoderLoss } from '../../../core/recipes/pack/autoencoder-loss.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint-file.ts';
import { TrainStep } from '../train-step.ts';
import type { PackRun } from './pack-run.ts';
import type { RenderPool } from './render-pool.ts';
import { SIDE } from './sample-file.ts';

export interface AutoencoderTraining {
  readonly steps: number;
  readonly batch: number;
  readonly crop: number;
  readonly rate: number;
  readonly poolSize: number;
}

export const AUTOENCODER_TRAINING: AutoencoderTraining = {
  steps: 2400,
  batch: 16,
  crop: 64,
  rate: 2e-3,
  poolSize: 16000,
};

/** Micro-batches of a step; they run side by side where there are threads. */
const PARTS = 2;

/** Only the second convolution of a residual block starts at zero. */
const startsAtZero = (name: string) => name.includes('.conv2.');

export async function trainAutoencoder(
  run: PackRun,
  pool: RenderPool,
  options: AutoencoderTraining,
): Promise<Record<string, Float32Array>> {
  const { steps, batch, crop, rate, poolSize } = options;
  const s = new Scope(new Builder());
  const rows = batch / PARTS;
  const latent = [rows, 4, crop / 4, crop / 4];
  const program = autoencoderLoss(s, s.b.input('image', [rows, 3, crop, crop]), s.b.input('noise', latent));
  const weights = initialWeights(s.table, (name) => namedRng(run.seed, `autoencoder/${name}`), startsAtZero);
  const step = await TrainStep.create({ b: s.b, ...program, parameters: s.table }, weights, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    compile: { threads: run.threads },
    parts: PARTS,
  });
  const state = { weights, optimizer: step.optimizer };
  const file = run.path('autoencoder.safetensors');
  loadCheckpoint(file, state);
  const image = new Float32Array(batch * 3 * crop * crop);
  const noise = new Float32Array(batch * 4 * (crop / 4) ** 2);
  const size = 3 * crop * crop;
  while (step.optimizer.steps < steps) {
    const i = step.optimizer.steps;
    await run.breathe();
    const rng = namedRng(run.seed, `autoencoder/step ${i}`);
    for (let k = 0; k < batch; k++) {
      const plan = planCrop(rng, poolSize, SIDE, crop);
      const sample = pool.read(plan.index);
      writeCrop(
        plan.defect ? sample.defect : sample.normal,
        plan,
        SIDE,
        crop,
        image.subarray(k * size, (k + 1) * size),
      );
    }
    rng.fillNormal(noise);
    const lr = warmupCosine(i, steps, rate, 0, 1e-5);
    const parts = Array.from({ length: PARTS }, (_, part) => ({
      image: image.subarray(part * rows * size, (part + 1) * rows * size),
      noise: noise.subarray((part * noise.length) / PARTS, ((part + 1) * noise.length) / PARTS),
    }));
    const result = await step.step(parts, () => lr);
    run.report('autoencoder', i + 1, steps, { loss: result.loss, ...result.terms });
    if ((i + 1) % 200 === 0 || i + 1 === steps) await saveCheckpoint(file, state);
  }
  await step.release();
  return weights;
}
