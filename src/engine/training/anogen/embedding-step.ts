// AnoGen's training step: new vectors (and adapters where wanted) in front of frozen networks, masked loss.

import { embeddingLoss, type RegionMean } from '../../../core/recipes/anogen/embedding-loss.ts';
import type { AnoGenSettings } from '../../../core/recipes/anogen/settings.ts';
import { type TrainableDenoiser, trainableDenoiser } from '../../../core/recipes/trainable-denoiser.ts';
import type { Backbone } from '../../backbones/backbone.ts';

export const EMBEDDING_PHASE = 'embedding';

export interface EmbeddingStep {
  readonly backbone: Backbone;
  readonly rows: number;
  readonly added: number;
  readonly addedTokens: number;
  readonly settings: AnoGenSettings;
}

export function embeddingStep(options: EmbeddingStep): TrainableDenoiser {
  const { backbone, rows, added, addedTokens, settings } = options;
  const { latentSize, latentChannels, promptLength } = backbone;
  const shape = {
    networks: { ...backbone.networks, addedTokens },
    rows,
    latentSize,
    promptLength,
    added,
    trained: settings.adapterRank > 0 ? settings.adapterRank : ('tokens' as const),
  };
  return trainableDenoiser(shape, (b, prediction) => {
    const target = b.input('target', [rows, latentChannels, latentSize, latentSize]);
    const region = b.input('region', [rows, 1, latentSize, latentSize]);
    return embeddingLoss(b, prediction, target, region, settings.lossMean as RegionMean);
  });
}
