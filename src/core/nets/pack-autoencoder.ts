// The embedded pack's small autoencoder, f = 4, 4 latent channels (embedded-pack.md section 2): the one
// network that is not of diffusers' shape. No convolution at full resolution.

import type { Value } from '../graph/value.ts';
import { conv, groupNorm, pixelShuffle, pixelUnshuffle } from './layers.ts';
import type { Scope } from './scope.ts';

export interface PackAutoencoderConfig {
  /** Channels at half and quarter resolution. */
  readonly channels: readonly [number, number];
  readonly latentChannels: number;
  readonly normGroups: number;
}

export const PACK_AUTOENCODER: PackAutoencoderConfig = {
  channels: [48, 96],
  latentChannels: 4,
  normGroups: 8,
};
export const LOG_VARIANCE_RANGE = [-12, 4] as const;

function resnet(s: Scope, x: Value, groups: number): Value {
  const { b } = s;
  const [, c] = x.shape;
  const h = conv(s.at('conv1'), b.silu(groupNorm(s.at('norm1'), x, groups, 1e-5)), c, 3, { pads: 1 });
  return b.add(x, conv(s.at('conv2'), b.silu(groupNorm(s.at('norm2'), h, groups, 1e-5)), c, 3, { pads: 1 }));
}

/** What the encoder has after each of its residual blocks. */
function encoderBlocks(s: Scope, image: Value, config: PackAutoencoderConfig): [half: Value, quarter: Value] {
  const { channels, normGroups } = config;
  const start = conv(s.at('conv_in'), pixelUnshuffle(s, image, 2), channels[0], 3, { pads: 1 });
  const half = resnet(s.at('resnets.0'), start, normGroups);
  const down = conv(s.at('downsample'), half, channels[1], 3, { pads: 1, stride: 2 });
  return [half, resnet(s.at('resnets.1'), down, normGroups)];
}

/** image [N,3,S,S] in [-1,1] -> mean and logVariance [N,4,S/4,S/4], the latter clamped to [-12,4]. */
export function packEncode(
  root: Scope,
  image: Value,
  config = PACK_AUTOENCODER,
): { mean: Value; logVariance: Value } {
  const s = root.at('encoder');
  const { b } = s;
  const { latentChannels, normGroups } = config;
  const [, quarter] = encoderBlocks(s, image, config);
  let x = b.silu(groupNorm(s.at('conv_norm_out'), quarter, normGroups, 1e-5));
  x = conv(s.at('conv_out'), x, 2 * latentChannels, 3, { pads: 1 });
  const [mean, logVariance] = b.split(x, 1, 2);
  return { mean, logVariance: b.clip(logVariance, ...LOG_VARIANCE_RANGE) };
}

/** image [N,3,S,S] -> features after the encoder's residual blocks, [N,48,S/2,S/2] and [N,96,S/4,S/4]. */
export function packFeatures(root: Scope, image: Value, config = PACK_AUTOENCODER): Value[] {
  return encoderBlocks(root.at('encoder'), image, config);
}

export interface PackDecoded {
  /** [N,3,4s,4s], about [-1,1]. */
  readonly image: Value;
  /** [N,48,2s,2s]: features at twice the latent's size, what the mask network refines with. */
  readonly features: readonly Value[];
}

/** latent [N,4,s,s], not normalised. */
export function packDecode(root: Scope, latent: Value, config = PACK_AUTOENCODER): PackDecoded {
  const s = root.at('decoder');
  const { b } = s;
  const { channels, normGroups } = config;
  let x = conv(s.at('conv_in'), latent, channels[1], 3, { pads: 1 });
  x = resnet(s.at('resnets.0'), x, normGroups);
  x = resnet(s.at('resnets.1'), x, normGroups);
  x = conv(s.at('upsample'), b.upsampleNearest2x(x), channels[0], 3, { pads: 1 });
  x = resnet(s.at('resnets.2'), x, normGroups);
  x = resnet(s.at('resnets.3'), x, normGroups);
  const features = [x];
  x = b.silu(groupNorm(s.at('conv_norm_out'), x, normGroups, 1e-5));
  return { image: pixelShuffle(s, conv(s.at('conv_out'), x, 12, 3, { pads: 1 }), 2), features };
}
