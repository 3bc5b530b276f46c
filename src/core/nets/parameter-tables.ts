// Names and shapes of every weight of a network, from its configuration alone.

import { Builder } from '../graph/builder.ts';
import { type AutoencoderConfig, decodeLatent, encodeImage } from './autoencoder-kl.ts';
import { type ClipTextConfig, clipTextModel } from './clip-text-model.ts';
import { type ParameterTable, Scope } from './scope.ts';
import { type UnetConfig, unet } from './unet-2d-condition.ts';

/** Weights do not depend on sizes, so the smallest input that passes through is built. */
export function unetTable(config: UnetConfig): ParameterTable {
  const s = new Scope(new Builder());
  const side = 2 ** (config.blockOutChannels.length - 1);
  const inputs = {
    sample: s.b.input('sample', [1, config.inChannels, side, side]),
    timestep: s.b.input('timestep', [1]),
    encoderHiddenStates: s.b.input('context', [1, 1, config.crossAttentionDim]),
  };
  unet(s, inputs, config);
  return s.table;
}

export function autoencoderTable(config: AutoencoderConfig): ParameterTable {
  const s = new Scope(new Builder());
  const side = 2 ** (config.blockOutChannels.length - 1);
  encodeImage(s, s.b.input('image', [1, config.inChannels, side, side]), config);
  decodeLatent(s, s.b.input('latent', [1, config.latentChannels, 1, 1]), config);
  return s.table;
}

export function textTable(config: ClipTextConfig, addedTokens = 0): ParameterTable {
  const s = new Scope(new Builder());
  clipTextModel(s, s.b.input('ids', [1, 1], 'int32'), config, { addedTokens });
  return s.table;
}
