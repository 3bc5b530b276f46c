// A picture from a prompt, with a Stable Diffusion 1.x pack: text encoder, guided sampling, autoencoder.

import { AppError } from '../../core/base/errors.ts';
import { namedRng } from '../../core/base/rng.ts';
import { guide } from '../../core/diffusion/guidance.ts';
import { chooseSampler, type SamplerChoice } from '../../core/diffusion/named-samplers.ts';
import { sample, startFromNoise } from '../../core/diffusion/sample.ts';
import type { Stepper } from '../../core/diffusion/stepper.ts';
import type { Raster } from '../../core/image/raster.ts';
import { decodeLatent, encodeImage } from '../../core/nets/autoencoder-kl.ts';
import { clipTextModel, TOKEN_TABLE } from '../../core/nets/clip-text-model.ts';
import { unet } from '../../core/nets/unet-2d-condition.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';
import { latentFactor, type SdPack } from '../packs/sd-pack.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { type ChangeWeights, openNetwork, runNetworkOnce } from './sd-network.ts';

export interface TextToImageRequest {
  readonly prompt: string;
  /** What guidance pushes away from. */
  readonly negative: string;
  readonly sampler: SamplerChoice;
  readonly steps: number;
  /** Above 1 the network is asked twice per step, with and without the prompt. */
  readonly guidance: number;
  readonly seed: number;
  /** Picture size, px; null takes what the pack was trained on. */
  readonly width: number | null;
  readonly height: number | null;
}

/** What fine-tunes add: tokens with their rows, and changes of weights. */
export interface Additions {
  /** Tokens beyond the vocabulary and their rows of the token table. */
  readonly tokens: readonly { readonly name: string; readonly row: Float32Array }[];
  /** Applied to a prompt before it is cut into tokens (a name of several tokens becomes their names). */
  readonly expand: (prompt: string) => string;
  readonly unet: ChangeWeights;
  readonly text: ChangeWeights;
}

export const NO_ADDITIONS: Additions = { tokens: [], expand: (p) => p, unet: () => {}, text: () => {} };

export interface TextToImageOptions extends CompileOptions {
  readonly signal: AbortSignal;
  readonly onStep?: (done: number, total: number) => void;
  readonly additions?: Additions;
}

export interface SampledPicture {
  readonly picture: Raster;
  /** [1,C,h,w] before decoding, times the scaling factor. */
  readonly latents: Float32Array;
  readonly timesteps: readonly number[];
  readonly scheduler: string;
}

/** Latent sides of the wanted picture. Throws usage for a size the networks cannot make. */
function latentSides(pack: SdPack, request: TextToImageRequest): [height: number, width: number] {
  const factor = latentFactor(pack.autoencoder.config);
  const step = factor * 2 ** (pack.unet.config.blockOutChannels.length - 1);
  const side = (given: number | null, name: string): number => {
    const px = given ?? pack.workingSize;
    if (px > 0 && px % step === 0) return px / factor;
    throw new AppError('usage', `the ${name} must be a multiple of ${step} px for this pack, not ${px}`, {
      hint: `For example ${Math.max(step, Math.round(px / step) * step)}.`,
    });
  };
  return [side(request.height, 'height'), side(request.width, 'width')];
}

/** Prompts -> [N,L,D], one per prompt. */
export async function encodePrompts(
  pack: SdPack,
  tokenizer: Tokenizer,
  prompts: readonly string[],
  options: TextToImageOptions,
): Promise<Float32Array> {
  const { tokens, expand, text } = options.additions ?? NO_ADDITIONS;
  tokenizer.addTokens(tokens.map((token) => token.name));
  const { config } = pack.text;
  const length = config.maxPositions;
  const ids = prompts.flatMap((prompt) => tokenizer.encodePadded(expand(prompt)).slice(0, length));
  const addedTokens = tokens.length;
  const change: ChangeWeights = (weights) => {
    text(weights);
    if (addedTokens === 0) return;
    const table = new Float32Array((config.vocabSize + addedTokens) * config.hiddenSize);
    table.set(weights[TOKEN_TABLE]);
    for (const token of tokens) {
      table.set(token.row, (tokenizer.idOf(token.name) as number) * config.hiddenSize);
    }
    weights[TOKEN_TABLE] = table;
  };
  const { context } = await runNetworkOnce(
    pack.text,
    (s) => {
      const input = s.b.input('ids', [prompts.length, length], 'int32');
      return { context: clipTextModel(s, input, config, { addedTokens }).lastHiddenState };
    },
    { ids: Int32Array.from(ids) },
    options,
    change,
  );
  return context as Float32Array;
}

/** Mask and masked picture of an inpainting model where all is to be painted: ones, and the latent of grey. */
async function inpaintChannels(
  pack: SdPack,
  [height, width]: readonly [number, number],
  options: TextToImageOptions,
): Promise<Float32Array> {
  const { config } = pack.autoencoder;
  const factor = latentFactor(config);
  const shape = [1, config.inChannels, height * factor, width * factor];
  const image = new Float32Array(shape.reduce((n, d) => n * d, 1));
  const { mean } = await runNetworkOnce(
    pack.autoencoder,
    (s) => ({ mean: encodeImage(s, s.b.input('image', shape), config).mean }),
    { image },
    options,
  );
  const plane = height * width;
  const channels = new Float32Array(plane + mean.length).fill(1, 0, plane);
  channels.set(
    (mean as Float32Array).map((v) => v * config.scalingFactor),
    plane,
  );
  return channels;
}

/** Runs the sampler; [1,C,h,w]. */
async function sampleLatents(
  pack: SdPack,
  stepper: Stepper,
  context: Float32Array,
  sides: readonly [number, number],
  request: TextToImageRequest,
  options: TextToImageOptions,
): Promise<Float32Array> {
  const { config } = pack.unet;
  const [height, width] = sides;
  const guided = request.guidance > 1;
  const batch = guided ? 2 : 1;
  const tokens = context.length / batch / config.crossAttentionDim;
  const beside = pack.kind === 'inpainting' ? await inpaintChannels(pack, sides, options) : null;
  const size = config.outChannels * height * width;
  const network = await openNetwork(
    pack.unet,
    (s) => {
      const inputs = {
        sample: s.b.input('x', [batch, config.inChannels, height, width]),
        timestep: s.b.input('t', [batch]),
        encoderHiddenStates: s.b.input('context', [batch, tokens, config.crossAttentionDim]),
      };
      return { out: unet(s, inputs, config).sample };
    },
    options,
    options.additions?.unet,
  );
  const full = config.inChannels * height * width;
  const denoise = async (x: Float32Array, t: number): Promise<Float32Array> => {
    const input = new Float32Array(batch * full);
    for (let k = 0; k < batch; k++) {
      input.set(x, k * full);
      if (beside) input.set(beside, k * full + size);
    }
    const feeds = { x: input, t: new Float32Array(batch).fill(t), context };
    const out = (await network.run(feeds)).out as Float32Array;
    return guided ? guide(out.slice(0, size), out.slice(size), request.guidance) : out;
  };
  try {
    const noise = (name: string) => namedRng(request.seed, name).fillNormal(new Float32Array(size));
    return await sample(denoise, startFromNoise(noise('start'), stepper), stepper, {
      noise: (i) => noise(`step ${i}`),
      signal: options.signal,
      onStep: (i) => options.onStep?.(i + 1, stepper.timesteps.length),
    });
  } finally {
    await network.release();
  }
}

/** Latents -> 8-bit RGB. */
async function decode(
  pack: SdPack,
  latents: Float32Array,
  [height, width]: readonly [number, number],
  options: TextToImageOptions,
): Promise<Raster> {
  const { config } = pack.autoencoder;
  const factor = latentFactor(config);
  const { image } = await runNetworkOnce(
    pack.autoencoder,
    (s) => ({
      image: decodeLatent(s, s.b.input('z', [1, config.latentChannels, height, width]), config).image,
    }),
    { z: latents.map((v) => v / config.scalingFactor) },
    options,
  );
  const [h, w] = [height * factor, width * factor];
  const data = new Uint8Array(3 * h * w);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < h * w; i++) {
      const value = image[c * h * w + i];
      if (!Number.isFinite(value)) notFinite(pack);
      data[3 * i + c] = Math.round(255 * Math.min(1, Math.max(0, value / 2 + 0.5)));
    }
  return { width: w, height: h, channels: 3, data };
}

function notFinite(pack: SdPack): never {
  throw new AppError('runtime', 'the networks gave numbers that are not finite', {
    file: pack.path,
    hint: 'The weights may be damaged, or the sampler does not suit the model: try another --sampler.',
  });
}

/** One picture. The same pack, request and device give the same bytes. */
export async function textToImage(
  pack: SdPack,
  tokenizer: Tokenizer,
  request: TextToImageRequest,
  options: TextToImageOptions,
): Promise<SampledPicture> {
  const sides = latentSides(pack, request);
  const scheduler = chooseSampler(pack.scheduler, request.sampler);
  const stepper = scheduler.stepper(request.steps);
  const prompts = request.guidance > 1 ? [request.negative, request.prompt] : [request.prompt];
  const context = await encodePrompts(pack, tokenizer, prompts, options);
  options.signal.throwIfAborted();
  const latents = await sampleLatents(pack, stepper, context, sides, request, options);
  if (!latents.every(Number.isFinite)) notFinite(pack);
  const picture = await decode(pack, latents, sides, options);
  return { picture, latents, timesteps: stepper.timesteps, scheduler: scheduler.className };
}
