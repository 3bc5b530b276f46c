// Makes the embedded pack from nothing: render, autoencoder, latents, U-Net. Every phase resumes.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { LatentScale } from '../../../core/recipes/pack/condition.ts';
import { WindowEncoder } from '../window-encoder.ts';
import { LatentPool, measureLatentScale } from './latent-pool.ts';
import { PackRun, type PackRunOptions } from './pack-run.ts';
import { RenderPool, SHARD } from './render-pool.ts';
import { AUTOENCODER_TRAINING, trainAutoencoder } from './train-autoencoder.ts';
import { trainUnet, UNET_TRAINING } from './train-unet.ts';
import { UnetValidation } from './validate-unet.ts';

/** Validation windows come from seeds far beyond the pool. */
const HELD_OUT_SEED = 1_000_000;

/** Renders the shards of the training pool, as many at once as there are cores. */
async function renderAll(run: PackRun, pool: RenderPool, shards: number): Promise<void> {
  const queue = Array.from({ length: shards }, (_, i) => i).filter((i) => !pool.has(i));
  const work = async () => {
    for (let shard = queue.shift(); shard !== undefined; shard = queue.shift()) {
      await run.breathe();
      await pool.render(shard);
      run.note({ phase: 'render', shard, left: queue.length });
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.threads, availableParallelism()) }, work));
}

export async function trainPack(options: PackRunOptions): Promise<void> {
  mkdirSync(options.folder, { recursive: true });
  const run = new PackRun(options);
  const pool = new RenderPool(run.path('windows'), 0);
  await renderAll(run, pool, AUTOENCODER_TRAINING.poolSize / SHARD);
  const autoencoder = await trainAutoencoder(run, pool, AUTOENCODER_TRAINING);
  const encoder = await WindowEncoder.create(autoencoder, { threads: run.threads });
  const scaleFile = run.path('latent-scale.json');
  if (!existsSync(scaleFile))
    writeFileSync(scaleFile, JSON.stringify(await measureLatentScale(pool, encoder, 800)));
  const scale = JSON.parse(readFileSync(scaleFile, 'utf8')) as LatentScale;
  const heldOut = new LatentPool(
    run,
    new RenderPool(run.path('held-out'), HELD_OUT_SEED),
    encoder,
    scale,
    'held-out',
  );
  const validation = await UnetValidation.create(heldOut, run.threads);
  await trainUnet(run, new LatentPool(run, pool, encoder, scale, 'train'), validation, UNET_TRAINING);
}
