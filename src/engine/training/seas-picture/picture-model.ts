// A Stable Diffusion pack as SeaS fine-tunes it: networks, the product's tokens, weights in shared memory.

import { AppError } from '../../../core/base/errors.ts';
import { namedRng } from '../../../core/base/rng.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import {
  anomalyPrompt,
  normalPrompt,
  START_WORDS,
  seasTokens,
  tokenNames,
} from '../../../core/recipes/seas/prompts.ts';
import { startRows } from '../../../core/recipes/token-rows.ts';
import { TABLE } from '../../../core/recipes/trainable-denoiser.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import type { Backbone } from '../../backbones/backbone.ts';
import { pictureBackbone } from '../../backbones/picture-backbone.ts';
import { refuseGuesses } from '../../packs/sd-guesses.ts';
import { openSdPack, type SdNetwork, type SdPack, tokenizerOf } from '../../packs/sd-pack.ts';
import type { PackInfo } from '../../services.ts';
import type { ProductTokens } from '../seas/tokens.ts';

type Weights = Record<string, Float32Array>;

export interface PictureModel {
  readonly pack: SdPack;
  readonly backbone: Backbone;
  readonly product: ProductTokens;
  readonly networks: DenoiseNetworks;
}

/** The pack where it lies, read as it was added. */
export function openPicturePack({ path, reading }: PackInfo): SdPack {
  return openSdPack({ path, with: reading?.with ?? null, variant: reading?.variant ?? null });
}

export function pictureTokens(pack: SdPack, types: number, perType: number): ProductTokens {
  const tokenizer = tokenizerOf(pack);
  const tokens = seasTokens(types, perType);
  const ids = tokenizer.addTokens(tokenNames(tokens));
  const id = (name: string) => tokenizer.idOf(name) as number;
  const encode = (text: string) => tokenizer.encodePadded(text).slice(0, pack.text.config.maxPositions);
  return {
    tokens,
    tokenizer,
    added: ids.length,
    anomaly: tokens.anomaly.map((_, t) => encode(anomalyPrompt(tokens, t))),
    normal: encode(normalPrompt(tokens)),
    unconditional: encode(''),
    wanted: tokens.anomaly.map((names) => [id(tokens.normal), ...names.map(id)]),
  };
}

/** Rows of the table beyond the vocabulary's; a vocabulary smaller than its table has room for some. */
export const addedRows = (pack: SdPack, { tokenizer }: ProductTokens): number =>
  Math.max(0, tokenizer.vocabSize - pack.text.config.vocabSize);

/** The mask network reads the U-Net at half and at full latent size. */
const LEAST_BLOCKS = 3;

export function openPictureModel(info: PackInfo, types: number, perType: number): PictureModel {
  const pack = openPicturePack(info);
  refuseGuesses(pack, 'fine-tuning');
  const blocks = pack.unet.config.blockOutChannels.length;
  if (blocks < LEAST_BLOCKS) {
    throw new AppError('unsupported', `this U-Net has ${blocks} sizes; SeaS needs ${LEAST_BLOCKS} or more`, {
      file: pack.path,
      hint: 'Use a Stable Diffusion 1.x model, or the embedded pack.',
    });
  }
  const product = pictureTokens(pack, types, perType);
  const { unet, text } = pack;
  const networks = { unet: unet.config, text: text.config, addedTokens: addedRows(pack, product) };
  return { pack, backbone: pictureBackbone(pack), product, networks };
}

function readInto(out: Weights, network: SdNetwork<unknown>, prefix: string): void {
  const source = network.open();
  try {
    // One tensor at a time: a second copy of all of them would not fit beside the first.
    for (const name of network.table.keys()) out[`${prefix}${name}`] = sharedCopy(source.read(name));
  } finally {
    source.close();
  }
}

/** Token table with rows for the new tokens: at "object" and "defect", as released. */
export function startTable({ pack, product, networks }: PictureModel, table: Float32Array): Float32Array {
  const width = pack.text.config.hiddenSize;
  const out = new Float32Array((pack.text.config.vocabSize + networks.addedTokens) * width);
  out.set(table);
  const words = tokenizerOf(pack);
  // Without the start and end marks, which every prompt has.
  const ids = (word: string) => words.encode(word).slice(1, -1);
  const [normal, anomaly] = [ids(START_WORDS.normal), ids(START_WORDS.anomaly)];
  tokenNames(product.tokens).forEach((name, i) => {
    const row = startRows(table, width, [i === 0 ? normal : anomaly], namedRng(0, name));
    out.set(row, (product.tokenizer.idOf(name) as number) * width);
  });
  return sharedCopy(out);
}

/** `text/...` alone, or `unet/...` too; the table with its new rows at their start. */
export function baseWeights(model: PictureModel, parts: { readonly unet: boolean }): Weights {
  const { pack } = model;
  const weights: Weights = {};
  if (parts.unet) readInto(weights, pack.unet, 'unet/');
  readInto(weights, pack.text, 'text/');
  weights[TABLE] = startTable(model, weights[TABLE]);
  return weights;
}

export function autoencoderWeights({ pack }: PictureModel): Weights {
  const weights: Weights = {};
  readInto(weights, pack.autoencoder, '');
  return weights;
}
