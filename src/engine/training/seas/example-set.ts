// The few-shot windows of a product, drawn and encoded once before training.

import { namedRng, type Rng } from '../../../core/base/rng.ts';
import { maskArea, type Planes } from '../../../core/image/raster.ts';
import {
  blankHole,
  type Example,
  LATENT_SIZE,
  normalizeLatents,
} from '../../../core/recipes/pack/condition.ts';
import type { WindowExample } from '../../../core/recipes/windows/window-example.ts';
import { drawGoodWindow, drawWindow, type WindowPool } from '../../../core/recipes/windows/window-pair.ts';
import type { Pack } from '../../packs/pack.ts';
import type { WindowEncoder } from '../window-encoder.ts';
import { type ProductTokens, promptOf } from './tokens.ts';

/** A real window, for the rows without a mask condition. */
export interface WholeExample {
  readonly latent: Float32Array;
  /** [128,128] 0/1; empty for normal windows. */
  readonly mask: Uint8Array;
  /** Index of its defect type, -1 for normal windows. */
  readonly type: number;
}

export interface ExampleSet {
  readonly windows: readonly Example[];
  readonly anomalies: readonly WholeExample[];
  readonly normals: readonly WholeExample[];
  /** Latent of the all-grey window, the condition of whole windows. */
  readonly blank: Float32Array;
}

export interface DrawContext {
  readonly pack: Pack;
  readonly encoder: WindowEncoder;
  readonly product: ProductTokens;
  readonly types: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** [3,S,S] 0..1 -> [-1,1]. */
export function toSigned(image: Planes): Float32Array {
  return image.data.map((v) => 2 * v - 1);
}

async function encode(context: DrawContext, windows: readonly Float32Array[]): Promise<Float32Array[]> {
  const latents = await context.encoder.encode(windows);
  return latents.map((z) => normalizeLatents(z, context.pack.latentScale));
}

/** Encodes drawn windows with and without their holes. */
export async function encodeExamples(
  context: DrawContext,
  drawn: readonly WindowExample[],
): Promise<Example[]> {
  const images = drawn.map((d) => toSigned(d.image));
  const blanked = images.map((image, i) => {
    const out = new Float32Array(image.length);
    blankHole(image, drawn[i].hole.data, out);
    return out;
  });
  const latents = await encode(context, images);
  const conditions = await encode(context, blanked);
  return drawn.map((d, i) => ({
    latent: latents[i],
    condition: conditions[i],
    mask: d.mask.data,
    hole: d.hole.data,
    prompt: promptOf(context.product, context.types, d),
  }));
}

async function drawInParts<T>(
  context: DrawContext,
  count: number,
  draw: (rng: Rng) => WindowExample,
  stream: string,
  seed: number,
  finish: (drawn: WindowExample[]) => Promise<T[]>,
): Promise<T[]> {
  const out: T[] = [];
  for (let at = 0; at < count; at += 8) {
    context.signal.throwIfAborted();
    const drawn = Array.from({ length: Math.min(8, count - at) }, (_, k) =>
      draw(namedRng(seed, `${stream} ${at + k}`)),
    );
    out.push(...(await finish(drawn)));
    context.onProgress?.(out.length, count);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return out;
}

/** Latent of the window that is all hole. */
export async function blankLatent(context: Pick<DrawContext, 'pack' | 'encoder'>): Promise<Float32Array> {
  const [z] = await context.encoder.encode([new Float32Array(3 * context.pack.workingSize ** 2)]);
  return normalizeLatents(z.slice(0, LATENT_SIZE), context.pack.latentScale);
}

export async function drawExamples(
  context: DrawContext,
  pool: WindowPool,
  seed: number,
  counts: { readonly windows: number; readonly normals: number },
): Promise<ExampleSet> {
  const anomalies: WholeExample[] = [];
  const windows = await drawInParts(
    context,
    counts.windows,
    (rng) => drawWindow(pool, rng),
    'window',
    seed,
    async (drawn) => {
      const examples = await encodeExamples(context, drawn);
      drawn.forEach((d, i) => {
        if (d.kind === 'real' && maskArea(d.mask) > 0) {
          anomalies.push({
            latent: examples[i].latent,
            mask: d.mask.data,
            type: context.types.indexOf(d.type),
          });
        }
      });
      return examples;
    },
  );
  const goods = pool.input.goods.length > 0 ? counts.normals : 0;
  const normals = await drawInParts(
    context,
    goods,
    (rng) => drawGoodWindow(pool, rng),
    'normal window',
    seed,
    async (drawn) => {
      const latents = await encode(
        context,
        drawn.map((d) => toSigned(d.image)),
      );
      return latents.map((latent, i) => ({ latent, mask: drawn[i].mask.data, type: -1 }));
    },
  );
  return { windows, anomalies, normals, blank: await blankLatent(context) };
}
