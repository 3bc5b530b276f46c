// Down, middle and up blocks of the U-Net, with diffusers' module names.

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import { conv } from './layers.ts';
import { resnetBlock } from './resnet-block.ts';
import type { Scope } from './scope.ts';
import { type CrossAttentionTap, transformer2d } from './transformer-2d.ts';
import type { UnetConfig } from './unet-config.ts';

/** What every block needs besides its input. */
export interface BlockContext {
  readonly config: UnetConfig;
  /** SiLU of the time embedding [N,E]. */
  readonly time: Value;
  /** Encoder hidden states [N,L,D]. */
  readonly text: Value;
  /** Named activations and cross-attention layers, filled while building. */
  readonly activations: Record<string, Value>;
  readonly attention: CrossAttentionTap[];
}

function resnet(s: Scope, x: Value, outChannels: number, c: BlockContext): Value {
  const { normGroups, normEps } = c.config;
  return resnetBlock(s, x, { outChannels, groups: normGroups, eps: normEps, time: c.time });
}

/** One attention module of block `block`; `level` picks heads and depth from the configuration. */
function attend(s: Scope, name: string, x: Value, block: string, level: number, c: BlockContext): Value {
  const { config } = c;
  const [, , height, width] = x.shape;
  return transformer2d(
    s.at(name),
    x,
    c.text,
    {
      heads: config.heads[level],
      layers: config.transformerLayersPerBlock[level],
      normGroups: config.normGroups,
      useLinearProjection: config.useLinearProjection,
    },
    (layer, q, k) => {
      const path = `${block}.${name}.transformer_blocks.${layer}.attn2`;
      c.attention.push({ path, block, q, k, height, width });
    },
  );
}

/** down_blocks.i: returns its result and pushes every skip connection. */
export function downBlock(root: Scope, x: Value, i: number, skips: Value[], c: BlockContext): Value {
  const block = `down_blocks.${i}`;
  const s = root.at(block);
  const { blockOutChannels, downBlockTypes, layersPerBlock } = c.config;
  let h = x;
  for (let j = 0; j < layersPerBlock[i]; j++) {
    h = resnet(s.at(`resnets.${j}`), h, blockOutChannels[i], c);
    c.activations[`${block}.resnets.${j}`] = h;
    if (downBlockTypes[i] === 'CrossAttnDownBlock2D') {
      h = attend(s, `attentions.${j}`, h, block, i, c);
      c.activations[`${block}.attentions.${j}`] = h;
    }
    skips.push(h);
  }
  if (i < blockOutChannels.length - 1) {
    h = conv(s.at('downsamplers.0.conv'), h, blockOutChannels[i], 3, { stride: 2, pads: 1 });
    skips.push(h);
  }
  c.activations[block] = h;
  return h;
}

/** mid_block: resnet, attention, resnet. */
export function midBlock(root: Scope, x: Value, c: BlockContext): Value {
  const s = root.at('mid_block');
  const last = c.config.blockOutChannels.length - 1;
  const channels = c.config.blockOutChannels[last];
  let h = resnet(s.at('resnets.0'), x, channels, c);
  h = attend(s, 'attentions.0', h, 'mid_block', last, c);
  h = resnet(s.at('resnets.1'), h, channels, c);
  c.activations.mid_block = h;
  return h;
}

/** up_blocks.i: takes its skip connections from the end of `skips`. */
export function upBlock(root: Scope, x: Value, i: number, skips: Value[], c: BlockContext): Value {
  const block = `up_blocks.${i}`;
  const s = root.at(block);
  const { blockOutChannels, upBlockTypes, layersPerBlock } = c.config;
  const level = blockOutChannels.length - 1 - i;
  const channels = blockOutChannels[level];
  let h = x;
  for (let j = 0; j <= layersPerBlock[level]; j++) {
    const skip = skips.pop();
    invariant(skip, `${block} found no skip connection ${j}`);
    h = resnet(s.at(`resnets.${j}`), s.b.concat([h, skip], 1), channels, c);
    c.activations[`${block}.resnets.${j}`] = h;
    if (upBlockTypes[i] === 'CrossAttnUpBlock2D') {
      h = attend(s, `attentions.${j}`, h, block, level, c);
      c.activations[`${block}.attentions.${j}`] = h;
    }
  }
  if (level > 0) h = conv(s.at('upsamplers.0.conv'), s.b.upsampleNearest2x(h), channels, 3, { pads: 1 });
  c.activations[block] = h;
  return h;
}
