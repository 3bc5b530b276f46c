// `seas` and `normal`: whole new windows from noised good ones (methods.md 1.7), masks predicted by RMP.

import type { Rng } from '../../core/base/rng.ts';
import { guide } from '../../core/diffusion/guidance.ts';
import { sample } from '../../core/diffusion/sample.ts';
import { schedulerFromConfig } from '../../core/diffusion/scheduler.ts';
import { resampleMask } from '../../core/image/mask-resample.ts';
import type { Mask, Planes, Raster, Rect } from '../../core/image/raster.ts';
import { resizePlanes } from '../../core/image/resample.ts';
import { cropToPlanes } from '../../core/image/window-crop.ts';
import { LATENT_SIZE, normalizeLatents, WINDOW } from '../../core/recipes/pack/condition.ts';
import { PACK_SCHEDULER_JSON } from '../../core/recipes/pack/pack-config.ts';
import { encodeMaskPng, encodePng } from '../imaging/index.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { GeneratedPicture, GenerateRequest } from '../services.ts';
import { FeatureTap } from '../training/seas/feature-tap.ts';
import { MaskPredictor } from '../training/seas/mask-predictor.ts';
import { type Learned, openLearned } from './learned.ts';
import { asReference, cropPlanes } from './like-reference.ts';
import { pictureRng, wholeGroups } from './picture-rng.ts';
import { maskChecks } from './predicted-mask.ts';
import { realDefects, type SourcePicture, SourcePictures } from './sources.ts';
import { WindowModel } from './window-model.ts';

const STEPS = 25;
/** Steps at whose end the mask network looks. */
const MASK_STEPS = 3;
/** Pictures at once; guidance doubles them to the U-Net's eight. */
const ITEMS = 4;
const GUIDANCE = 2;
/** Amplitude of the reference in the start noise, as SeaS's 1500-step schedule gives on scaled latents. */
const REFERENCE_AMPLITUDE = 0.0979;

/** SeaS's sampler: DPM-Solver++ 2M, 25 steps, linspace, last step to t = 0. */
const SCHEDULER = schedulerFromConfig({
  ...PACK_SCHEDULER_JSON,
  _class_name: 'DPMSolverMultistepScheduler',
  algorithm_type: 'dpmsolver++',
  solver_order: 2,
  timestep_spacing: 'linspace',
  final_sigmas_type: 'sigma_min',
  clip_sample: undefined,
  set_alpha_to_one: undefined,
});

interface Reference {
  readonly source: SourcePicture;
  readonly rect: Rect;
}

/** A window of a good picture: the whole picture where it fits, else a random place on the product. */
async function pickReference(sources: SourcePictures, rng: Rng, learned: Learned): Promise<Reference> {
  const source = await sources.pick(rng);
  const { width, height } = source.raster;
  const side = learned.scale.windowPx;
  const { cells, gridWidth, k } = source.map;
  const cell = cells[rng.int(cells.length)];
  const place = (centre: number, room: number): number =>
    room <= side
      ? Math.floor((room - side) / 2)
      : Math.min(room - side, Math.max(0, Math.round(centre - side / 2)));
  return {
    source,
    rect: {
      x: place(((cell % gridWidth) + 0.5) / k, width),
      y: place((Math.floor(cell / gridWidth) + 0.5) / k, height),
      width: side,
      height: side,
    },
  };
}

interface Drawn {
  readonly window: Float32Array;
  readonly mask: Uint8Array | null;
}

/** Samples `ITEMS` whole windows under one prompt; with a predictor, their masks from the last steps. */
async function drawWhole(
  learned: Learned,
  tap: FeatureTap,
  model: WindowModel,
  predictor: MaskPredictor | null,
  prompt: readonly number[],
  references: readonly Float32Array[],
  rngs: readonly Rng[],
  signal: AbortSignal,
): Promise<Drawn[]> {
  const start = new Float32Array(ITEMS * LATENT_SIZE);
  references.forEach((u, k) => {
    const noise = rngs[k].fork('start').fillNormal(new Float32Array(LATENT_SIZE));
    const sigma = Math.sqrt(1 - REFERENCE_AMPLITUDE ** 2);
    for (let i = 0; i < LATENT_SIZE; i++)
      start[k * LATENT_SIZE + i] = REFERENCE_AMPLITUDE * u[i] + sigma * noise[i];
  });
  const prompts = [...references.map(() => prompt), ...references.map(() => learned.product.unconditional)];
  const maps: Float32Array[] = [];
  const split = (x: Float32Array) =>
    references.map((_, k) => x.slice(k * LATENT_SIZE, (k + 1) * LATENT_SIZE));
  const denoiser = async (x: Float32Array, t: number, i: number): Promise<Float32Array> => {
    const z = split(x);
    const { prediction, f1, f2 } = await tap.evaluate([...z, ...z], prompts, new Array(2 * ITEMS).fill(t));
    if (predictor && i >= STEPS - MASK_STEPS) {
      const half = (f: Float32Array) => f.subarray(0, f.length / 2);
      maps.push(await predictor.map({ f1: half(f1), f2: half(f2), v0: await tap.decode(z) }));
    }
    const n = ITEMS * LATENT_SIZE;
    return guide(prediction.subarray(n), prediction.subarray(0, n), GUIDANCE);
  };
  const x0 = await sample(denoiser, start, SCHEDULER.stepper(STEPS), { signal });
  const windows = await model.decode(split(x0));
  const masks = predictor?.masks(maps);
  return windows.map((window, k) => ({ window, mask: masks?.[k] ?? null }));
}

/** A drawn window at native size, cut to the picture where it reaches over its border. */
function toNative(drawn: Drawn, reference: Reference, white: number): { raster: Raster; mask: Mask | null } {
  const { rect, source } = reference;
  const data = drawn.window.map((v) => Math.min(1, Math.max(0, (v + 1) / 2)));
  const small: Planes = { channels: 3, width: WINDOW, height: WINDOW, data };
  const native = resizePlanes(small, rect.width, rect.height, 'cubic');
  const cut = {
    x: Math.max(0, -rect.x),
    y: Math.max(0, -rect.y),
    width: Math.min(rect.width, source.raster.width),
    height: Math.min(rect.height, source.raster.height),
  };
  const raster = asReference(cropPlanes(native, cut), source.raster, white);
  if (!drawn.mask) return { raster, mask: null };
  const grow = rect.width / WINDOW;
  const area = { x: cut.x / grow, y: cut.y / grow, width: cut.width / grow, height: cut.height / grow };
  const mask = resampleMask(
    { width: WINDOW, height: WINDOW, data: drawn.mask },
    area,
    cut.width,
    cut.height,
    'zero',
  );
  return { raster, mask };
}

export async function* generateWhole(
  request: GenerateRequest,
  context: RunContext,
  options: CompileOptions,
): AsyncIterable<GeneratedPicture> {
  const learned = openLearned(request);
  const { scale, kind, white } = learned;
  const seas = request.generator === 'seas';
  const sources = new SourcePictures(request.normals, kind);
  const real = seas ? await realDefects(request.shots, request.type as string, kind, scale, white) : null;
  const model = await WindowModel.create(learned, options);
  const [blank] = await model.encoder.encode([new Float32Array(3 * WINDOW * WINDOW)]);
  const examples = { blank: normalizeLatents(blank, learned.pack.latentScale) };
  const tap = await FeatureTap.create({ ...learned, examples, compile: options }, 2 * ITEMS, ITEMS);
  const predictor = seas
    ? await MaskPredictor.create(learned.pack.unet, learned.maskNetwork, ITEMS, options)
    : null;
  const prompt = seas
    ? learned.product.anomaly[learned.types.indexOf(request.type as string)]
    : learned.product.normal;
  const wanted = new Set(request.indices);
  try {
    for (const group of wholeGroups(request.indices, ITEMS)) {
      const streams = group.map((index) => pictureRng(request, index));
      const references: Reference[] = [];
      for (const { rng } of streams)
        references.push(await pickReference(sources, rng.fork('source'), learned));
      const images = references.map(({ source, rect }) =>
        cropToPlanes(source.raster, rect, WINDOW, WINDOW, { white }).data.map((v) => 2 * v - 1),
      );
      const latents = (await model.encoder.encode(images)).map((z) =>
        normalizeLatents(z, learned.pack.latentScale),
      );
      const rngs = streams.map((s) => s.rng);
      const drawn = await drawWhole(learned, tap, model, predictor, prompt, latents, rngs, context.signal);
      for (const [k, index] of group.entries()) {
        if (!wanted.has(index)) continue;
        const { raster, mask } = toNative(drawn[k], references[k], white);
        const result = mask && real ? maskChecks(raster, mask, real.stats, white) : null;
        yield {
          index,
          seed: streams[k].seed,
          width: raster.width,
          height: raster.height,
          image: await encodePng(raster, { icc: references[k].source.icc }),
          mask: mask ? await encodeMaskPng(mask) : null,
          sourceId: references[k].source.picture.id,
          sourceUse: 'reference',
          window: references[k].rect,
          recipe: {
            generator: request.generator,
            sampler: 'dpmsolver++2M',
            num_inference_steps: STEPS,
            guidance_scale: GUIDANCE,
            attributes: request.attributes,
            weights: request.tokenSet?.hashes ?? {},
            pack: request.pack.hash,
          },
          checks: result?.checks ?? { outside: null, agreement: null },
          flags: result?.flags ?? [],
        };
      }
    }
  } finally {
    await Promise.all([model.release(), tap.release(), predictor?.release()]);
  }
}
