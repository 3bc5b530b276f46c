// What SeaS learned on a Stable Diffusion pack, opened for drawing: fine-tuned networks, mask network, posterior.

import { AppError } from '../../core/base/errors.ts';
import {
  drawingPictureSettings,
  type SeasPictureSettings,
} from '../../core/recipes/seas/picture-settings.ts';
import type { ProductKind } from '../../core/recipes/windows/foreground.ts';
import type { GenerateRequest } from '../services.ts';
import { readWeightsFile } from '../training/seas/networks.ts';
import { applyTuned } from '../training/seas-picture/fine-tune.ts';
import {
  autoencoderWeights,
  baseWeights,
  openPictureModel,
  type PictureModel,
} from '../training/seas-picture/picture-model.ts';
import { mixAttributes } from './learned.ts';

type Weights = Record<string, Float32Array>;

/** As training stored it. */
export interface PictureSetConfig {
  readonly backbone: 'picture';
  readonly adapterRank: number;
  readonly kind: ProductKind;
  readonly white: number;
  readonly refinements: number;
  readonly settings: SeasPictureSettings;
}

export interface LearnedPictures {
  readonly model: PictureModel;
  readonly types: readonly string[];
  readonly settings: SeasPictureSettings;
  readonly refinements: number;
  readonly kind: ProductKind;
  readonly white: number;
  /** `unet/...` and `text/...`. */
  readonly weights: Weights;
  readonly autoencoder: Weights;
  readonly maskNetwork: Weights;
}

export function openLearnedPictures(request: GenerateRequest): LearnedPictures {
  const { tokenSet, pack, type, attributes } = request;
  if (!tokenSet) {
    throw new AppError('usage', 'this generator needs a fine-tune', {
      hint: 'Run "flawsmith train --method seas" first.',
    });
  }
  const config = tokenSet.config as unknown as PictureSetConfig;
  const { adapterRank, kind, white, refinements } = config;
  const settings = drawingPictureSettings(config.settings, request.settings ?? {});
  const model = openPictureModel(pack, tokenSet.types.length, settings.tokens);
  const weights = baseWeights(model, { unet: adapterRank > 0 });
  const name = adapterRank > 0 ? 'adapters.safetensors' : 'weights.safetensors';
  const trained = readWeightsFile(tokenSet.files[name]);
  if (adapterRank > 0) applyTuned(weights, trained, adapterRank);
  else Object.assign(weights, trained);
  const learned = {
    model,
    types: tokenSet.types,
    settings,
    refinements,
    kind,
    white,
    weights,
    autoencoder: autoencoderWeights(model),
    maskNetwork: readWeightsFile(tokenSet.files['rmp.safetensors']),
  };
  if (type !== null) {
    const mixed = {
      types: learned.types,
      product: model.product,
      weights,
      pack: { text: model.pack.text.config },
    };
    mixAttributes(mixed, learned.types.indexOf(type), attributes);
  }
  return learned;
}
