// Trains the pack's U-Net and word table on encoded windows (embedded-pack.md section 4). Resumable.

import { emaDecay, updateEma, warmupCosine } from '../../../core/autodiff/rates.ts';
import { namedRng } from '../../../core/base/rng.ts';
import { noiseSchedule, stableDiffusionSchedule } from '../../../core/diffusion/noise-schedule.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { parseClipTextConfig } from '../../../core/nets/clip-text-model.ts';
import { initialWeights } from '../../../core/nets/init.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { parseUnetConfig } from '../../../core/nets/unet-2d-condition.ts';
import { denoiseBatch, LATENT, LATENT_SIZE, writeExample } from '../../../core/recipes/pack/condition.ts';
import { denoise, denoiseInputs, weightedError } from '../../../core/recipes/pack/denoise-loss.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../../core/recipes/pack/pack-config.ts';
import type { TensorData } from '../../runtime/executable.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint-file.ts';
import { TrainStep } from '../train-step.ts';
import type { LatentPool } from './latent-pool.ts';
import type { PackRun } from './pack-run.ts';
import { SHARD } from './render-pool.ts';
import type { UnetValidation } from './validate-unet.ts';

export interface UnetTraining {
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly warmup: number;
  /** A further shard of windows joins the pool every so many steps. */
  readonly shardEvery: number;
  readonly firstShards: number;
  readonly mostShards: number;
  readonly validateEvery: number;
}

export const UNET_TRAINING: UnetTraining = {
  steps: 5200,
  batch: 8,
  rate: 8e-4,
  warmup: 100,
  shardEvery: 250,
  firstShards: 3,
  mostShards: 28,
  validateEvery: 300,
};

/** Micro-batches of a step; they run side by side where there are threads. */
const PARTS = 2;

/** Second convolutions, transformer outputs and the last convolution start at zero. */
const startsAtZero = (name: string) => /(\.conv2\.|\.proj_out\.|conv_out\.)/.test(name);

/** The training graph; parameters of both networks in one table, named `unet/...` and `text/...`. */
export function unetProgram(batch: number) {
  const b = new Builder();
  const unetScope = new Scope(b, 'unet/');
  const textScope = new Scope(b, 'text/');
  const networks = {
    unet: parseUnetConfig(PACK_UNET_JSON),
    text: parseClipTextConfig(PACK_TEXT_JSON),
    addedTokens: 0,
  };
  const result = denoise(unetScope, textScope, denoiseInputs(b, batch, networks.unet, LATENT, 8), networks);
  const loss = weightedError(
    b,
    result.sample,
    b.input('target', [batch, 4, LATENT, LATENT]),
    b.input('weight', [batch, 1, LATENT, LATENT]),
  );
  const parameters = new Map([
    ...[...unetScope.table].map(([n, v]) => [`unet/${n}`, v] as const),
    ...[...textScope.table].map(([n, v]) => [`text/${n}`, v] as const),
  ]);
  return { b, loss, terms: {}, parameters };
}

export async function trainUnet(
  run: PackRun,
  pool: LatentPool,
  validation: UnetValidation,
  options: UnetTraining,
): Promise<Record<string, Float32Array>> {
  const { steps, batch, rate, warmup } = options;
  const program = unetProgram(batch / PARTS);
  const weights = initialWeights(program.parameters, (n) => namedRng(run.seed, `unet/${n}`), startsAtZero);
  const average = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  const step = await TrainStep.create(program, weights, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    compile: { threads: run.threads },
    parts: PARTS,
  });
  const state = { weights, optimizer: step.optimizer, average };
  const file = run.path('unet.safetensors');
  loadCheckpoint(file, state);
  const { alphasCumprod } = noiseSchedule(stableDiffusionSchedule());
  const rows = Array.from({ length: PARTS }, () => denoiseBatch(batch / PARTS));
  const noise = new Float32Array(LATENT_SIZE);
  while (step.optimizer.steps < steps) {
    const i = step.optimizer.steps;
    await run.breathe();
    const shards = Math.min(options.mostShards, options.firstShards + Math.floor(i / options.shardEvery));
    for (let shard = 0; shard < shards; shard++) await pool.ensure(shard);
    const rng = namedRng(run.seed, `unet/step ${i}`);
    for (let k = 0; k < batch; k++) {
      const example = pool.read(rng.int(shards * SHARD));
      // More weight on noisy levels: t = 1000 u^0.75.
      const t = Math.floor(1000 * rng.uniform() ** 0.75);
      const part = rows[k % PARTS];
      writeExample(part, Math.floor(k / PARTS), example, t, rng.fillNormal(noise), alphasCumprod);
    }
    const lr = warmupCosine(i, steps, rate, warmup);
    const result = await step.step(rows as unknown as Record<string, TensorData>[], () => lr);
    updateEma(average, weights, emaDecay(i + 1));
    run.report('unet', i + 1, steps, { loss: result.loss, gradNorm: result.gradNorm });
    if ((i + 1) % options.validateEvery === 0 || i + 1 === steps) {
      run.note({ phase: 'validation', step: i + 1, ...(await validation.measure(average)) });
    }
    if ((i + 1) % 150 === 0 || i + 1 === steps) await saveCheckpoint(file, state);
  }
  await step.release();
  return average;
}
