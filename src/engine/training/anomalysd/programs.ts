// AnomalySD's two training steps: the inpainting denoiser and the decoder (methods.md 3.2, 3.3).

import type { StepProgram } from '../../../core/autodiff/step-program.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { embeddingLoss } from '../../../core/recipes/anogen/embedding-loss.ts';
import { featureDifferences, featureDistance } from '../../../core/recipes/anomalysd/feature-distance.ts';
import { decoderLoss, inpaintingLoss } from '../../../core/recipes/anomalysd/losses.ts';
import type { AnomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import { type TrainableDenoiser, trainableDenoiser } from '../../../core/recipes/trainable-denoiser.ts';
import type { Backbone } from '../../backbones/backbone.ts';

export interface DenoiserStep {
  readonly backbone: Backbone;
  readonly rows: number;
  readonly added: number;
  readonly addedTokens: number;
  /** 0 trains the whole U-Net, as the paper does. */
  readonly adapterRank: number;
  readonly lossMean: string;
}

export function denoiserStep(options: DenoiserStep): TrainableDenoiser {
  const { backbone, rows, added, addedTokens, adapterRank, lossMean } = options;
  const { latentSize, latentChannels, promptLength } = backbone;
  const shape = {
    networks: { ...backbone.networks, addedTokens },
    rows,
    latentSize,
    promptLength,
    added,
    trained: adapterRank > 0 ? adapterRank : ('whole' as const),
  };
  return trainableDenoiser(shape, (b, prediction) => {
    const target = b.input('target', [rows, latentChannels, latentSize, latentSize]);
    const region = b.input('region', [rows, 1, latentSize, latentSize]);
    return lossMean === 'hole'
      ? embeddingLoss(b, prediction, target, region, 'region')
      : inpaintingLoss(b, prediction, target);
  });
}

/** Whether the loss of the denoiser looks at the holes at all. */
export const usesRegion = ({ lossMean }: AnomalySdSettings): boolean => lossMean === 'hole';

export interface DecoderStep {
  readonly step: StepProgram;
  readonly frozen: readonly string[];
}

const isDecoder = (name: string) => name.startsWith('decoder.') || name.startsWith('post_quant_conv.');

/** Inputs `picture` [N,3,S,S] and its raw `latent`; the encoder gives features and stays as it is. */
export function decoderStep(backbone: Backbone, rows: number, perceptualWeight: number): DecoderStep {
  const b = new Builder();
  const s = new Scope(b);
  const { size, latentSize, latentChannels } = backbone;
  const picture = b.input('picture', [rows, 3, size, size]);
  const latent = b.input('latent', [rows, latentChannels, latentSize, latentSize]);
  const decoded = backbone.decode(s, latent);
  const differences = featureDifferences(b, backbone.features(s, decoded), backbone.features(s, picture));
  const distance = featureDistance(b, differences);
  const perceptual = perceptualWeight > 0 ? { distance, weight: perceptualWeight } : undefined;
  const loss = decoderLoss(b, picture, decoded, perceptual);
  const parameters = new Map([...s.table].filter(([name]) => isDecoder(name)));
  const frozen = [...s.table.keys()].filter((name) => !isDecoder(name));
  return { step: { b, loss, terms: {}, parameters }, frozen };
}
