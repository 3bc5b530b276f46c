// The weighted v loss of a mask-conditioned U-Net with its text encoder in the same graph.

import type { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { type ClipTextConfig, clipTextModel } from '../../nets/clip-text-model.ts';
import type { Scope } from '../../nets/scope.ts';
import { type UnetConfig, type UnetResult, unet } from '../../nets/unet-2d-condition.ts';

export interface DenoiseNetworks {
  readonly unet: UnetConfig;
  readonly text: ClipTextConfig;
  readonly addedTokens: number;
}

export interface DenoiseInputs {
  /** [N,C,h,w] noisy latent and condition channels. */
  readonly sample: Value;
  /** [N] */
  readonly timestep: Value;
  /** [N,L] int32 */
  readonly ids: Value;
}

/** Graph inputs `sample`, `timestep`, `ids` of a batch. */
export function denoiseInputs(
  b: Builder,
  n: number,
  config: UnetConfig,
  size: number,
  tokens: number,
): DenoiseInputs {
  return {
    sample: b.input('sample', [n, config.inChannels, size, size]),
    timestep: b.input('timestep', [n]),
    ids: b.input('ids', [n, tokens], 'int32'),
  };
}

/** Parameters: `unet/...` and `text/...` prefixed inputs; state-dict names in the scopes' tables. */
export function denoise(
  unetScope: Scope,
  textScope: Scope,
  inputs: DenoiseInputs,
  networks: DenoiseNetworks,
): UnetResult {
  const text = clipTextModel(textScope, inputs.ids, networks.text, { addedTokens: networks.addedTokens });
  const { sample, timestep } = inputs;
  return unet(unetScope, { sample, timestep, encoderHiddenStates: text.lastHiddenState }, networks.unet);
}

/** mean(weight (prediction - target)^2); weight [N,1,h,w]. */
export function weightedError(b: Builder, prediction: Value, target: Value, weight: Value): Value {
  return b.mean(b.mul(weight, b.square(b.sub(prediction, target))), 'all');
}
