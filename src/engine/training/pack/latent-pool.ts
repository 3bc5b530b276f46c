// Encoded windows of the pool: latents, masks and prompts, one file per rendered shard, made when first asked for.

import { closeSync, existsSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { namedRng, type Rng } from '../../../core/base/rng.ts';
import {
  blankHole,
  type Example,
  LATENT,
  LATENT_SIZE,
  type LatentScale,
  normalizeLatents,
} from '../../../core/recipes/pack/condition.ts';
import { modeParts, planMode } from '../../../core/recipes/pack/modes.ts';
import type { WindowEncoder } from '../window-encoder.ts';
import type { PackRun } from './pack-run.ts';
import { type RenderPool, SHARD } from './render-pool.ts';
import { SIDE } from './sample-file.ts';

const PIXELS = SIDE * SIDE;
const RECORD = 2 * LATENT_SIZE * 4 + 2 * PIXELS + 8;
const BATCH = 8;

function toSigned(picture: Uint8Array): Float32Array {
  return Float32Array.from(picture, (v) => v / 127.5 - 1);
}

/** Target and blanked window of sample `index`, with everything the U-Net is told about it. */
function prepare(pool: RenderPool, index: number, rng: Rng) {
  const sample = pool.read(index);
  const parts = modeParts(planMode(rng), sample.mask, {
    defect: sample.defectPrompt,
    normal: sample.normalPrompt,
  });
  const target = toSigned(sample[parts.target]);
  const blanked = new Float32Array(target.length);
  blankHole(target, parts.hole, blanked);
  return { parts, target, blanked };
}

export class LatentPool {
  readonly #run: PackRun;
  readonly #windows: RenderPool;
  readonly #encoder: WindowEncoder;
  readonly #label: string;
  readonly scale: LatentScale;
  readonly #files = new Map<number, number>();

  constructor(run: PackRun, windows: RenderPool, encoder: WindowEncoder, scale: LatentScale, label: string) {
    this.#run = run;
    this.#windows = windows;
    this.#encoder = encoder;
    this.scale = scale;
    this.#label = label;
  }

  /** Opens the shard's file, rendering and encoding it first where needed. */
  async ensure(shard: number, count = SHARD): Promise<void> {
    if (this.#files.has(shard)) return;
    const file = this.#run.path(`latents-${this.#label}-${shard}.bin`);
    if (!existsSync(file)) {
      await this.#windows.render(shard, count);
      await this.#encodeShard(file, shard, count);
    }
    this.#files.set(shard, openSync(file, 'r'));
  }

  async #encodeShard(file: string, shard: number, count: number): Promise<void> {
    const fd = openSync(`${file}.part`, 'w');
    for (let at = 0; at < count; at += BATCH) {
      await this.#run.breathe();
      const indices = Array.from({ length: Math.min(BATCH, count - at) }, (_, k) => shard * SHARD + at + k);
      const items = indices.map((i) =>
        prepare(this.#windows, i, namedRng(this.#run.seed, `${this.#label}/mode ${i}`)),
      );
      const latents = await this.#encoder.encode(items.map((i) => i.target));
      const conditions = await this.#encoder.encode(items.map((i) => i.blanked));
      items.forEach(({ parts }, k) => {
        const record = Buffer.alloc(RECORD);
        const floats = new Float32Array(record.buffer, record.byteOffset, 2 * LATENT_SIZE);
        floats.set(normalizeLatents(latents[k], this.scale));
        floats.set(normalizeLatents(conditions[k], this.scale), LATENT_SIZE);
        record.set(parts.mask, 8 * LATENT_SIZE);
        record.set(parts.hole, 8 * LATENT_SIZE + PIXELS);
        record.set(parts.prompt, 8 * LATENT_SIZE + 2 * PIXELS);
        writeSync(fd, record);
      });
    }
    closeSync(fd);
    renameSync(`${file}.part`, file);
    this.#run.note({ phase: 'encode', shard, label: this.#label });
  }

  /** Example `index`; its shard must have been ensured. */
  read(index: number): Example {
    const record = new Uint8Array(RECORD);
    const fd = this.#files.get(Math.floor(index / SHARD)) as number;
    readSync(fd, record, 0, RECORD, (index % SHARD) * RECORD);
    const floats = new Float32Array(record.buffer, 0, 2 * LATENT_SIZE);
    return {
      latent: floats.subarray(0, LATENT_SIZE),
      condition: floats.subarray(LATENT_SIZE),
      mask: record.subarray(8 * LATENT_SIZE, 8 * LATENT_SIZE + PIXELS),
      hole: record.subarray(8 * LATENT_SIZE + PIXELS, 8 * LATENT_SIZE + 2 * PIXELS),
      prompt: [...record.subarray(8 * LATENT_SIZE + 2 * PIXELS)],
    };
  }
}

/** Per-channel mean and deviation of the raw latents of `count` rendered defect windows. */
export async function measureLatentScale(
  pool: RenderPool,
  encoder: WindowEncoder,
  count: number,
): Promise<LatentScale> {
  const plane = LATENT * LATENT;
  const sums = new Float64Array(4);
  const squares = new Float64Array(4);
  for (let at = 0; at < count; at += BATCH) {
    const windows = Array.from({ length: BATCH }, (_, k) => toSigned(pool.read(at + k).defect));
    for (const z of await encoder.encode(windows)) {
      z.forEach((v, i) => {
        sums[(i / plane) | 0] += v;
        squares[(i / plane) | 0] += v * v;
      });
    }
  }
  const n = count * plane;
  const mean = Array.from(sums, (s) => s / n);
  return { mean, std: Array.from(squares, (q, c) => Math.sqrt(q / n - mean[c] ** 2)) };
}
