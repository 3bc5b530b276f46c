// UNet2DConditionModel: one builder for the tiny fixtures, the embedded pack and full Stable Diffusion 1.x.

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import { conv, groupNorm } from './layers.ts';
import type { Scope } from './scope.ts';
import { sinusoids, timeEmbedding } from './time-embedding.ts';
import type { CrossAttentionTap } from './transformer-2d.ts';
import { type BlockContext, downBlock, midBlock, upBlock } from './unet-blocks.ts';
import type { UnetConfig } from './unet-config.ts';

export type { CrossAttentionTap } from './transformer-2d.ts';
export { parseUnetConfig, type UnetConfig } from './unet-config.ts';

export interface UnetInputs {
  /** [N,C,H,W]; H and W multiples of 2^(blocks-1). */
  readonly sample: Value;
  /** [N] float32, 0..999 (fractions allowed). */
  readonly timestep: Value;
  /** [N,L,D] */
  readonly encoderHiddenStates: Value;
}

/** Everything but `sample` costs nothing unless it is used. */
export interface UnetResult {
  /** [N,outChannels,H,W] */
  readonly sample: Value;
  /** Output of up_blocks.i after its upsampler, innermost first. */
  readonly upBlocks: readonly Value[];
  /** Cross-attention layers in order of evaluation. */
  readonly attention: readonly CrossAttentionTap[];
  /**
   * Named activations: conv_in, time_embedding, down_blocks.i (after the downsampler), down_blocks.i.resnets.j,
   * down_blocks.i.attentions.j, mid_block, up_blocks.i (after the upsampler), conv_norm_out (before SiLU).
   */
  readonly activations: Readonly<Record<string, Value>>;
}

export function unet(s: Scope, inputs: UnetInputs, config: UnetConfig): UnetResult {
  const { b } = s;
  const { sample, timestep, encoderHiddenStates } = inputs;
  const { blockOutChannels, normGroups, normEps, convInKernel, convOutKernel } = config;
  const blocks = blockOutChannels.length;
  const step = 2 ** (blocks - 1);
  const [n, channels, height, width] = sample.shape;
  invariant(channels === config.inChannels, `the U-Net takes ${config.inChannels} channels, not ${channels}`);
  invariant(height % step === 0 && width % step === 0, `${height}x${width} is not a multiple of ${step}`);
  invariant(timestep.shape.length === 1 && timestep.shape[0] === n, 'one timestep per sample');
  invariant(encoderHiddenStates.shape[2] === config.crossAttentionDim, 'width of the encoder hidden states');

  const waves = sinusoids(s, timestep, blockOutChannels[0], config.flipSinToCos, config.freqShift);
  const embedding = timeEmbedding(s.at('time_embedding'), waves, config.timeEmbeddingDim);
  const context: BlockContext = {
    config,
    time: b.silu(embedding),
    text: encoderHiddenStates,
    activations: { time_embedding: embedding },
    attention: [],
  };
  let h = conv(s.at('conv_in'), sample, blockOutChannels[0], convInKernel, { pads: (convInKernel - 1) / 2 });
  context.activations.conv_in = h;
  const skips = [h];
  for (let i = 0; i < blocks; i++) h = downBlock(s, h, i, skips, context);
  h = midBlock(s, h, context);
  const upBlocks: Value[] = [];
  for (let i = 0; i < blocks; i++) {
    h = upBlock(s, h, i, skips, context);
    upBlocks.push(h);
  }
  h = groupNorm(s.at('conv_norm_out'), h, normGroups, normEps);
  context.activations.conv_norm_out = h;
  h = conv(s.at('conv_out'), b.silu(h), config.outChannels, convOutKernel, { pads: (convOutKernel - 1) / 2 });
  return { sample: h, upBlocks, attention: context.attention, activations: context.activations };
}
