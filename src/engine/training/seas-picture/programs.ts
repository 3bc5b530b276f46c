// The programs of SeaS on whole pictures: the training step, the frozen networks' features, the mask network's step.

import type { StepProgram } from '../../../core/autodiff/step-program.ts';
import { Builder } from '../../../core/graph/builder.ts';
import type { Program } from '../../../core/graph/graph.ts';
import { sliceAttention } from '../../../core/graph/passes/slice-attention.ts';
import type { Value } from '../../../core/graph/value.ts';
import { decodeLatent, encodeImage } from '../../../core/nets/autoencoder-kl.ts';
import { isTrained, type NormMode } from '../../../core/nets/batch-norm-layer.ts';
import { type RmpConfig, type RmpInputs, type RmpResult, rmp, rmpInputs } from '../../../core/nets/rmp.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { withAdapters } from '../../../core/recipes/adapters.ts';
import { denoise, denoiseInputs } from '../../../core/recipes/pack/denoise-loss.ts';
import { maskLoss } from '../../../core/recipes/seas/mask-loss.ts';
import { type PictureProgram, pictureProgram } from '../../../core/recipes/seas/picture-program.ts';
import type { SeasPictureSettings } from '../../../core/recipes/seas/picture-settings.ts';
import { TABLE } from '../../../core/recipes/trainable-denoiser.ts';
import type { PictureModel } from './picture-model.ts';
import type { PicturePreset } from './preset.ts';

/** Queries, keys, values and outputs of every attention layer. */
const isAttention = (name: string) => /\.attn[12]\.to_(q|k|v|out\.0)\.weight$/.test(name);

export interface TunedProgram {
  readonly program: PictureProgram;
  readonly trained: StepProgram;
  /** Adapters among the trained parameters. */
  readonly adapters: ReadonlyMap<string, Value>;
}

/** One micro-batch. Trained are the whole U-Net or adapters on it, and the token table; the rest is frozen. */
export function tunedProgram(
  { backbone, networks }: PictureModel,
  rows: { readonly anomalies: number; readonly normals: number },
  settings: SeasPictureSettings,
  form: PicturePreset['form'],
  adapterRank: number,
): TunedProgram {
  const program = pictureProgram(networks, {
    ...rows,
    latentSize: backbone.latentSize,
    promptLength: backbone.promptLength,
    tokensPerPrompt: 1 + settings.tokens,
    form,
    region: settings.region === 'any' ? 'any' : 'full',
    weights: { normal: settings.normalWeight, alignment: settings.alignment },
  });
  const { loss, terms, boundaries, parameters } = program;
  if (adapterRank === 0) {
    const own = new Map([...parameters].filter(([n]) => n.startsWith('unet/') || n === TABLE));
    return { program, trained: { ...program, parameters: own }, adapters: new Map() };
  }
  const kept = Object.fromEntries(boundaries.map((v, i) => [`boundary ${i}`, v]));
  const wants = (name: string) =>
    name.startsWith('unet/') && (settings.adapterLayers === 'all' || isAttention(name));
  const { b, outputs, adapters } = withAdapters({ loss, ...terms, ...kept }, adapterRank, wants);
  const trained = {
    b,
    loss: outputs.loss,
    terms: Object.fromEntries(Object.keys(terms).map((name) => [name, outputs[name]])),
    boundaries: boundaries.map((_, i) => outputs[`boundary ${i}`]),
    parameters: new Map([...adapters, [TABLE, b.input(TABLE, (parameters.get(TABLE) as Value).shape)]]),
  };
  return { program, trained, adapters };
}

/** Shapes of what the mask network reads, without the batch. */
export interface FeatureShapes {
  readonly f1: readonly number[];
  readonly f2: readonly number[];
  /** One per doubling, finest last. */
  readonly decoder: readonly (readonly number[])[];
}

type Features = Record<string, Value>;
const decoderName = (i: number) => `v${i}`;

function unetFeatures(model: PictureModel, rows: number): { sample: Value; features: RmpInputs } {
  const { backbone, networks } = model;
  const b = new Builder();
  const inputs = denoiseInputs(b, rows, networks.unet, backbone.latentSize, backbone.promptLength);
  const result = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, networks);
  return { sample: result.sample, features: rmpInputs(result.upBlocks, [], backbone.latentSize) };
}

function decoderFeatures({ backbone, pack }: PictureModel, rows: number): { image: Value; doubled: Value[] } {
  const s = new Scope(new Builder());
  const { latentSize, latentChannels } = backbone;
  const latent = s.b.input('latent', [rows, latentChannels, latentSize, latentSize]);
  const { image, upBlocks } = decodeLatent(s, latent, pack.autoencoder.config);
  const doubled: Value[] = [];
  for (const v of upBlocks) if (v.shape[2] === 2 * (doubled.at(-1)?.shape[2] ?? latentSize)) doubled.push(v);
  return { image, doubled };
}

/** Times the decoder doubles the latent grid: the most refinements a mask network can have. */
export const decoderDoublings = ({ pack }: Pick<PictureModel, 'pack'>): number =>
  pack.autoencoder.config.blockOutChannels.length - 1;

export function featureShapes(model: PictureModel, refinements: number): FeatureShapes {
  const { f1, f2 } = unetFeatures(model, 1).features;
  const { doubled } = decoderFeatures(model, 1);
  const shape = (v: Value) => v.shape.slice(1);
  return { f1: shape(f1), f2: shape(f2), decoder: doubled.slice(0, refinements).map(shape) };
}

/** Largest map of attention weights held at once: at 64x64 latents one of all heads of two pictures is 1 GiB. */
export const ATTENTION_BYTES = 128 * 2 ** 20;

const inSlices = (outputs: Program['outputs']): Program => ({
  outputs: sliceAttention(new Builder(), { outputs }, ATTENTION_BYTES).outputs,
});

/** Frozen networks, for a number of rows. */
export function frozenPrograms(model: PictureModel, refinements: number) {
  const { backbone, pack } = model;
  return {
    /** image [n,3,S,S] in [-1,1] -> posterior. */
    encode(rows: number): Program {
      const s = new Scope(new Builder());
      const image = s.b.input('image', [rows, 3, backbone.size, backbone.size]);
      const { mean, logVariance } = encodeImage(s, image, pack.autoencoder.config);
      return inSlices({ mean, logVariance });
    },
    predict: (rows: number): Program => inSlices({ prediction: unetFeatures(model, rows).sample }),
    /** The same with the features the mask network reads. */
    unet(rows: number): Program {
      const { sample, features } = unetFeatures(model, rows);
      return inSlices({ prediction: sample, f1: features.f1, f2: features.f2 });
    },
    /** Raw latent -> decoder features. */
    features(rows: number): Program {
      const { doubled } = decoderFeatures(model, rows);
      const named = doubled.slice(0, refinements).map((v, i): [string, Value] => [decoderName(i), v]);
      return inSlices(Object.fromEntries(named));
    },
    /** Raw latent -> image in about [-1,1]. */
    decode: (rows: number): Program => inSlices({ image: decoderFeatures(model, rows).image }),
  };
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

function rmpConfig({ maskUpper, maskLower, maskHeads, maskLayers }: SeasPictureSettings): RmpConfig {
  return {
    channels: [maskUpper, maskLower],
    heads: maskHeads,
    groups: greatestCommonDivisor(32, maskUpper + maskLower),
    layers: maskLayers,
  };
}

/** The mask network on `items` pictures, the first `refined` of which have decoder features. */
export function maskNetwork(
  shapes: FeatureShapes,
  settings: SeasPictureSettings,
  { items, refined }: { readonly items: number; readonly refined: number },
  mode: NormMode,
): { s: Scope; result: RmpResult } {
  const s = new Scope(new Builder());
  const features: Features = {
    f1: s.b.input('f1', [items, ...shapes.f1]),
    f2: s.b.input('f2', [items, ...shapes.f2]),
  };
  const decoder = shapes.decoder.map((shape, i) => s.b.input(decoderName(i), [refined, ...shape]));
  const inputs = { f1: features.f1, f2: features.f2, decoder };
  return { s, result: rmp(s, inputs, rmpConfig(settings), mode) };
}

/** Its training step: focal loss of the fine and the coarse map (methods.md 1.6). */
export function maskProgram(
  shapes: FeatureShapes,
  settings: SeasPictureSettings,
  anomalies: number,
  normals: number,
): StepProgram & { readonly s: Scope; readonly fineSize: number; readonly coarseSize: number } {
  const items = anomalies + normals;
  const { s, result } = maskNetwork(shapes, settings, { items, refined: anomalies }, 'batch');
  const { fine, coarse, features, running } = result;
  const target = (name: string, map: Value) => s.b.input(name, [items, 1, map.shape[2], map.shape[3]]);
  const { loss, terms } = maskLoss(s.b, {
    fine,
    coarse,
    fineMask: target('fine', fine),
    coarseMask: target('coarse', coarse),
  });
  return {
    s,
    b: s.b,
    loss,
    terms,
    parameters: new Map([...s.table].filter(([name]) => isTrained(name))),
    state: running,
    boundaries: features,
    fineSize: fine.shape[2],
    coarseSize: coarse.shape[2],
  };
}
