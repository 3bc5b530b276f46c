// AutoencoderKL's config.json, old (no scaling_factor) and new.

import { ConfigReader } from './config-reader.ts';

export interface AutoencoderConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly latentChannels: number;
  /** Outermost (full resolution) first. */
  readonly blockOutChannels: readonly number[];
  readonly layersPerBlock: number;
  readonly normGroups: number;
  /** Latents of the U-Net = scalingFactor * latents of the autoencoder. */
  readonly scalingFactor: number;
  readonly quantConv: boolean;
  readonly postQuantConv: boolean;
  readonly midBlockAttention: boolean;
}

/** What Stable Diffusion uses when the file does not say. */
const DEFAULT_SCALING = 0.18215;

/**
 * Checks an AutoencoderKL configuration (parsed JSON); absent keys have diffusers' defaults.
 * @throws AppError bad-pack naming key, value and what is supported
 */
export function parseAutoencoderConfig(json: unknown, file?: string): AutoencoderConfig {
  const read = new ConfigReader(json, { className: 'AutoencoderKL', file });
  // Everything here is float32; the sample size only names the training size.
  read.ignore('sample_size', 'force_upcast');
  read.oneOf('act_fn', 'silu', ['silu', 'swish']);
  read.oneOf('latents_mean', null, [null]);
  read.oneOf('latents_std', null, [null]);
  read.oneOf('shift_factor', null, [null, 0]);
  const blockOutChannels = read.integers('block_out_channels', [64]);
  const blocks = blockOutChannels.length;
  read.names('down_block_types', ['DownEncoderBlock2D'], ['DownEncoderBlock2D'], blocks);
  read.names('up_block_types', ['UpDecoderBlock2D'], ['UpDecoderBlock2D'], blocks);
  const normGroups = read.integer('norm_num_groups', 32);
  if (blockOutChannels.some((c) => c % normGroups !== 0))
    read.refuse('block_out_channels', `multiples of norm_num_groups (${normGroups})`);
  const config: AutoencoderConfig = {
    inChannels: read.integer('in_channels', 3),
    outChannels: read.integer('out_channels', 3),
    latentChannels: read.integer('latent_channels', 4),
    blockOutChannels,
    layersPerBlock: read.integer('layers_per_block', 1),
    normGroups,
    scalingFactor: read.number('scaling_factor', DEFAULT_SCALING),
    quantConv: read.boolean('use_quant_conv', true),
    postQuantConv: read.boolean('use_post_quant_conv', true),
    midBlockAttention: read.boolean('mid_block_add_attention', true),
  };
  read.finish();
  return config;
}
