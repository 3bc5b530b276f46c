// `seas` and `normal` on a Stable Diffusion pack: whole new pictures from noised good ones (methods.md 1.7).

import { AppError } from '../../core/base/errors.ts';
import type { Rng } from '../../core/base/rng.ts';
import { guide } from '../../core/diffusion/guidance.ts';
import { noisedStart } from '../../core/diffusion/noising.ts';
import { sample } from '../../core/diffusion/sample.ts';
import { type Scheduler, schedulerFromConfig } from '../../core/diffusion/scheduler.ts';
import type { Mask, Planes, Raster, Rect } from '../../core/image/raster.ts';
import { resizePlanes } from '../../core/image/resample.ts';
import { bilinearMask } from '../../core/recipes/seas/mask-pyramid.ts';
import { squareOf, squarePicture } from '../../core/recipes/seas/square.ts';
import { type RealStats, realStats } from '../../core/recipes/windows/checks.ts';
import type { Shot } from '../../core/recipes/windows/shot.ts';
import { latentLength } from '../backbones/backbone.ts';
import { decodeShot, paintedForeground } from '../datasets/material.ts';
import { decodePicture, encodeMaskPng, encodePng } from '../imaging/index.ts';
import type { RunContext } from '../runs/run-context.ts';
import { type CompileOptions, compile, type Executable } from '../runtime/executable.ts';
import type { Releasable } from '../runtime/releasing.ts';
import { compileWith, type Runnable } from '../runtime/rows.ts';
import type { DatasetPicture, GeneratedPicture, GenerateRequest } from '../services.ts';
import { greyBeside } from '../training/seas-picture/beside.ts';
import { decoderWeights, PosteriorEncoder } from '../training/seas-picture/encode.ts';
import { drawLatent } from '../training/seas-picture/examples.ts';
import { type Features, FeatureTap } from '../training/seas-picture/feature-tap.ts';
import { featureShapes, frozenPrograms, maskNetwork } from '../training/seas-picture/programs.ts';
import { asReference } from './like-reference.ts';
import { pictureRng, wholeGroups } from './picture-rng.ts';
import { maskChecks } from './predicted-mask.ts';
import { type LearnedPictures, openLearnedPictures } from './seas-picture-model.ts';

/** A good picture that a new one starts from. */
interface Reference {
  readonly picture: DatasetPicture;
  readonly raster: Raster;
  readonly icc: Uint8Array | null;
  readonly rect: Rect;
}

interface Networks {
  readonly encoder: PosteriorEncoder;
  readonly tap: FeatureTap;
  readonly decoder: Runnable;
  readonly masks: Executable | null;
}

interface Drawn {
  /** [3,S,S] in about [-1,1]. */
  readonly square: Float32Array;
  /** Probability [h,h] of a defect; null for good pictures. */
  readonly map: Float32Array | null;
}

/** DPM-Solver++ 2M on the pack's schedule, last step to t = 0. */
function solverOf({ model, settings }: LearnedPictures): Scheduler {
  const { beta_start, beta_end, beta_schedule, num_train_timesteps, trained_betas } = model.pack.scheduler;
  const { prediction_type, steps_offset } = model.pack.scheduler;
  const schedule = { beta_start, beta_end, beta_schedule, num_train_timesteps, trained_betas };
  return schedulerFromConfig({
    ...schedule,
    prediction_type,
    steps_offset,
    _class_name: 'DPMSolverMultistepScheduler',
    algorithm_type: 'dpmsolver++',
    solver_order: 2,
    solver_type: 'midpoint',
    timestep_spacing: settings.spacing,
    final_sigmas_type: 'sigma_min',
  });
}

async function openReference(
  normals: readonly DatasetPicture[],
  rng: Rng,
  { settings }: LearnedPictures,
): Promise<Reference> {
  const picture = normals[rng.int(normals.length)];
  const { raster, icc } = await decodePicture(picture.path, { name: picture.file });
  return { picture, raster, icc, rect: squareOf(raster, settings.fit) };
}

/** Area and contrast of the real defects. */
async function statsOf(request: GenerateRequest, { kind, white }: LearnedPictures): Promise<RealStats> {
  const shots: Shot[] = [];
  const foregrounds = [];
  for (const picture of request.shots) {
    if (picture.type !== request.type) continue;
    const shot = await decodeShot(picture);
    shots.push(shot);
    foregrounds.push(await paintedForeground(picture, shot.raster, kind));
  }
  return realStats(shots, foregrounds, white);
}

/** Draws the pictures of one group under one prompt, and where they show a defect. */
async function drawGroup(
  learned: LearnedPictures,
  { encoder, tap, decoder, masks }: Networks,
  prompt: readonly number[],
  references: readonly Reference[],
  rngs: readonly Rng[],
  { signal }: RunContext,
): Promise<Drawn[]> {
  const { model, settings, white } = learned;
  const { backbone, product } = model;
  const length = latentLength(backbone);
  const count = references.length;
  const start = new Float32Array(count * length);
  for (const [k, { raster, rect }] of references.entries()) {
    const [posterior] = await encoder.encode([squarePicture(raster, rect, backbone.size, white)]);
    // Not multiplied by the scaling factor, as released.
    const u = drawLatent(posterior, settings.posterior, rngs[k].fork('reference'));
    const noise = rngs[k].fork('start').fillNormal(new Float32Array(length));
    start.set(noisedStart(u, noise, settings.noiseSteps), k * length);
  }
  const guided = settings.guidance > 1;
  const prompts = [
    ...references.map(() => prompt),
    ...(guided ? references.map(() => product.unconditional) : []),
  ];
  const split = (x: Float32Array) => references.map((_, k) => x.slice(k * length, (k + 1) * length));
  const own = (values: Float32Array) => values.subarray(0, (values.length * count) / prompts.length);
  const maps: Float32Array[] = [];
  const denoiser = async (x: Float32Array, t: number, i: number): Promise<Float32Array> => {
    const z = split(x);
    const found = await tap.evaluate(guided ? [...z, ...z] : z, prompts, new Array(prompts.length).fill(t));
    if (masks && i >= settings.samplerSteps - settings.maskLast) {
      const features: Features = { f1: own(found.f1), f2: own(found.f2), ...(await tap.decode(z)) };
      maps.push((await masks.run(features)).map as Float32Array);
    }
    const said = own(found.prediction);
    return guided ? guide(found.prediction.subarray(count * length), said, settings.guidance) : said.slice();
  };
  const x0 = await sample(denoiser, start, solverOf(learned).stepper(settings.samplerSteps), { signal });
  const latent = new Float32Array(count * length);
  split(x0).forEach((z, k) => {
    latent.set(backbone.restore(z), k * length);
  });
  const image = (await decoder.run({ latent })).image as Float32Array;
  const part = (values: Float32Array, k: number) =>
    values.slice((k * values.length) / count, ((k + 1) * values.length) / count);
  const mean =
    maps.length > 0 ? maps[0].map((_, i) => maps.reduce((n, m) => n + m[i], 0) / maps.length) : null;
  return references.map((_, k) => ({ square: part(image, k), map: mean && part(mean, k) }));
}

/** The picture like the good one it started from, at its size or the model's own. */
function finish(
  { square, map }: Drawn,
  reference: Reference,
  { model, settings, white }: LearnedPictures,
): { raster: Raster; mask: Mask | null } {
  const { size } = model.backbone;
  const { width, height } = settings.output === 'model' ? { width: size, height: size } : reference.rect;
  const data = square.map((v) => Math.min(1, Math.max(0, (v + 1) / 2)));
  const small: Planes = { channels: 3, width: size, height: size, data };
  const raster = asReference(resizePlanes(small, width, height, 'cubic'), reference.raster, white);
  if (map === null) return { raster, mask: null };
  const side = Math.sqrt(map.length);
  const large = bilinearMask({ data: map, height: side, width: side }, height, width).data;
  const marked = Uint8Array.from(large, (v) => (v > settings.maskThreshold ? 1 : 0));
  return { raster, mask: { width, height, data: marked } };
}

/** Real areas at the scale of what is drawn. */
function scaledStats(stats: RealStats, { raster }: { raster: Raster }, { rect }: Reference): RealStats {
  const share = (raster.width * raster.height) / (rect.width * rect.height);
  return share === 1 ? stats : { ...stats, medianArea: stats.medianArea * share };
}

export async function* generateSeasPicture(
  request: GenerateRequest,
  context: RunContext,
  options: CompileOptions,
): AsyncIterable<GeneratedPicture> {
  if (request.normals.length === 0) {
    throw new AppError('bad-dataset', 'there are no good pictures to start from', {
      hint: 'Import pictures of good parts too.',
    });
  }
  const learned = openLearnedPictures(request);
  const { model, settings, weights, autoencoder, refinements, types } = learned;
  const { product } = model;
  const together = settings.together;
  const rows = settings.guidance > 1 ? 2 * together : together;
  const isDefect = request.generator === 'seas';
  const prompt = isDefect ? product.anomaly[types.indexOf(request.type as string)] : product.normal;
  const stats = isDefect ? await statsOf(request, learned) : null;
  const held: Releasable[] = [];
  const keep = <R extends Releasable>(resource: R): R => {
    held.push(resource);
    return resource;
  };
  try {
    const encoder = keep(await PosteriorEncoder.create(model, autoencoder, 1, options));
    const beside = await greyBeside(model.backbone, encoder);
    const input = { model, weights, autoencoder, refinements, beside, compile: options };
    const networks: Networks = {
      encoder,
      tap: keep(await FeatureTap.create(input, rows, together)),
      decoder: keep(
        await compileWith(decoderWeights(autoencoder), together, frozenPrograms(model, 0).decode, options),
      ),
      masks: isDefect ? keep(await openMasks(learned, together, options)) : null,
    };
    const wanted = new Set(request.indices);
    for (const group of wholeGroups(request.indices, together)) {
      context.signal.throwIfAborted();
      const streams = group.map((index) => pictureRng(request, index));
      const references: Reference[] = [];
      for (const { rng } of streams)
        references.push(await openReference(request.normals, rng.fork('source'), learned));
      const rngs = streams.map(({ rng }) => rng);
      const drawn = await drawGroup(learned, networks, prompt, references, rngs, context);
      for (const [k, index] of group.entries()) {
        if (!wanted.has(index)) continue;
        const reference = references[k];
        const made = finish(drawn[k], reference, learned);
        const { raster, mask } = made;
        const result =
          mask && stats ? maskChecks(raster, mask, scaledStats(stats, made, reference), learned.white) : null;
        yield {
          index,
          seed: streams[k].seed,
          width: raster.width,
          height: raster.height,
          image: await encodePng(raster, { icc: reference.icc }),
          mask: mask ? await encodeMaskPng(mask) : null,
          sourceId: reference.picture.id,
          sourceUse: 'reference',
          window: reference.rect,
          recipe: {
            generator: request.generator,
            sampler: 'dpmsolver++2M',
            num_inference_steps: settings.samplerSteps,
            guidance_scale: settings.guidance,
            noise_steps: settings.noiseSteps,
            mask_threshold: isDefect ? settings.maskThreshold : null,
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
    for (const resource of held.reverse()) await resource.release();
  }
}

/** The mask network: `map` [n,1,h,h], the probability of a defect. */
async function openMasks(
  { model, settings, refinements, maskNetwork: weights }: LearnedPictures,
  items: number,
  options: CompileOptions,
): Promise<Executable> {
  const shapes = featureShapes(model, refinements);
  const mode = settings.maskNorm === 'batch' ? 'batch' : 'running';
  const { s, result } = maskNetwork(shapes, settings, { items, refined: items }, mode);
  const executable = await compile({ outputs: { map: s.b.narrow(result.fine, 1, 1, 1) } }, options);
  await executable.hold(weights);
  return executable;
}
