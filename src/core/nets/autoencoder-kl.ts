// AutoencoderKL of Stable Diffusion: image <-> latent, with the block outputs that the mask network reads.

import { invariant } from '../base/errors.ts';
import type { Value } from '../graph/value.ts';
import type { AutoencoderConfig } from './autoencoder-kl-config.ts';
import { attention, conv, groupNorm, linear } from './layers.ts';
import { resnetBlock } from './resnet-block.ts';
import type { Scope } from './scope.ts';

export { type AutoencoderConfig, parseAutoencoderConfig } from './autoencoder-kl-config.ts';

const EPS = 1e-6;
const LOG_VARIANCE_RANGE = [-30, 20] as const;

/** Single-head self-attention over the pixels of x [N,C,H,W], with biases and a residual. */
function pixelAttention(s: Scope, x: Value, config: AutoencoderConfig): Value {
  const { b } = s;
  const [n, c, h, w] = x.shape;
  const normed = groupNorm(s.at('group_norm'), x, config.normGroups, EPS);
  const rows = b.transpose(b.reshape(normed, [n, c, h * w]), [0, 2, 1]);
  const [q, k, v] = ['to_q', 'to_k', 'to_v'].map((name) => linear(s.at(name), rows, c));
  const out = linear(s.at('to_out.0'), attention(s, q, k, v), c);
  return b.add(b.reshape(b.transpose(out, [0, 2, 1]), [n, c, h, w]), x);
}

function resnet(s: Scope, x: Value, outChannels: number, config: AutoencoderConfig): Value {
  return resnetBlock(s, x, { outChannels, groups: config.normGroups, eps: EPS });
}

function midBlock(s: Scope, x: Value, config: AutoencoderConfig): Value {
  const channels = x.shape[1];
  let h = resnet(s.at('resnets.0'), x, channels, config);
  if (config.midBlockAttention) h = pixelAttention(s.at('attentions.0'), h, config);
  return resnet(s.at('resnets.1'), h, channels, config);
}

export interface EncodeResult {
  /** [N,4,H/f,W/f], not multiplied by the scaling factor. */
  readonly mean: Value;
  /** Clamped to [-30,20]. */
  readonly logVariance: Value;
  /** down_blocks.i (after the downsampler) and mid_block, keyed `encoder.down_blocks.0` and so on. */
  readonly activations: Readonly<Record<string, Value>>;
}

/** image [N,3,H,W] in [-1,1]; H and W multiples of 2^(blocks-1). */
export function encodeImage(root: Scope, image: Value, config: AutoencoderConfig): EncodeResult {
  const s = root.at('encoder');
  const { b } = s;
  const { blockOutChannels, layersPerBlock, normGroups, latentChannels } = config;
  const last = blockOutChannels.length - 1;
  const [, , height, width] = image.shape;
  invariant(height % 2 ** last === 0 && width % 2 ** last === 0, `image of ${height}x${width}`);
  const activations: Record<string, Value> = {};
  let h = conv(s.at('conv_in'), image, blockOutChannels[0], 3, { pads: 1 });
  blockOutChannels.forEach((channels, i) => {
    const block = s.at(`down_blocks.${i}`);
    for (let j = 0; j < layersPerBlock; j++) h = resnet(block.at(`resnets.${j}`), h, channels, config);
    // Padded at the right and bottom only.
    if (i < last)
      h = conv(block.at('downsamplers.0.conv'), h, channels, 3, { stride: 2, pads: [0, 0, 1, 1] });
    activations[`encoder.down_blocks.${i}`] = h;
  });
  h = midBlock(s.at('mid_block'), h, config);
  activations['encoder.mid_block'] = h;
  h = b.silu(groupNorm(s.at('conv_norm_out'), h, normGroups, EPS));
  h = conv(s.at('conv_out'), h, 2 * latentChannels, 3, { pads: 1 });
  if (config.quantConv) h = conv(root.at('quant_conv'), h, 2 * latentChannels, 1);
  const [mean, logVariance] = b.split(h, 1, 2);
  return { mean, logVariance: b.clip(logVariance, ...LOG_VARIANCE_RANGE), activations };
}

export interface DecodeResult {
  /** [N,3,f H,f W], about [-1,1]. */
  readonly image: Value;
  /** up_blocks.i after the upsampler, innermost first: V0, V1, ... of the mask network. */
  readonly upBlocks: readonly Value[];
  /** `decoder.mid_block`, `decoder.up_blocks.i`. */
  readonly activations: Readonly<Record<string, Value>>;
}

/** latent [N,4,h,w], already divided by the scaling factor. */
export function decodeLatent(root: Scope, latent: Value, config: AutoencoderConfig): DecodeResult {
  const s = root.at('decoder');
  const { b } = s;
  const { blockOutChannels, layersPerBlock, normGroups, latentChannels, outChannels } = config;
  const last = blockOutChannels.length - 1;
  const z = config.postQuantConv ? conv(root.at('post_quant_conv'), latent, latentChannels, 1) : latent;
  let h = conv(s.at('conv_in'), z, blockOutChannels[last], 3, { pads: 1 });
  h = midBlock(s.at('mid_block'), h, config);
  const activations: Record<string, Value> = { 'decoder.mid_block': h };
  const upBlocks: Value[] = [];
  for (let i = 0; i <= last; i++) {
    const block = s.at(`up_blocks.${i}`);
    const channels = blockOutChannels[last - i];
    for (let j = 0; j <= layersPerBlock; j++) h = resnet(block.at(`resnets.${j}`), h, channels, config);
    if (i < last) h = conv(block.at('upsamplers.0.conv'), b.upsampleNearest2x(h), channels, 3, { pads: 1 });
    activations[`decoder.up_blocks.${i}`] = h;
    upBlocks.push(h);
  }
  h = b.silu(groupNorm(s.at('conv_norm_out'), h, normGroups, EPS));
  return { image: conv(s.at('conv_out'), h, outChannels, 3, { pads: 1 }), upBlocks, activations };
}
