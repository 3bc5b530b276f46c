// UNet2DConditionModel's config.json: what SD 1.x, 2.x, inpainting and the embedded pack say, and nothing else.

import { ConfigReader } from './config-reader.ts';

export const DOWN_BLOCKS = ['DownBlock2D', 'CrossAttnDownBlock2D'] as const;
export const UP_BLOCKS = ['UpBlock2D', 'CrossAttnUpBlock2D'] as const;

/** Per-block lists run from the outermost (highest resolution) block to the innermost. */
export interface UnetConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Latent size the model was trained at, if told. */
  readonly sampleSize: number | null;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  readonly timeEmbeddingDim: number;
  readonly downBlockTypes: readonly (typeof DOWN_BLOCKS)[number][];
  readonly upBlockTypes: readonly (typeof UP_BLOCKS)[number][];
  readonly blockOutChannels: readonly number[];
  readonly layersPerBlock: readonly number[];
  readonly transformerLayersPerBlock: readonly number[];
  /** Number of attention heads (diffusers calls it attention_head_dim). */
  readonly heads: readonly number[];
  readonly crossAttentionDim: number;
  readonly useLinearProjection: boolean;
  readonly normGroups: number;
  readonly normEps: number;
  readonly convInKernel: number;
  readonly convOutKernel: number;
}

/** Options that change the arithmetic in ways no supported model uses: only these values pass. */
const FIXED: readonly (readonly [key: string, fallback: unknown, allowed: readonly unknown[]])[] = [
  ['mid_block_type', 'UNetMidBlock2DCrossAttn', ['UNetMidBlock2DCrossAttn']],
  ['center_input_sample', false, [false]],
  ['downsample_padding', 1, [1]],
  ['mid_block_scale_factor', 1, [1]],
  ['resnet_out_scale_factor', 1, [1]],
  ['dropout', 0, [0]],
  ['act_fn', 'silu', ['silu', 'swish']],
  ['attention_type', 'default', ['default']],
  ['time_embedding_type', 'positional', ['positional']],
  ['resnet_time_scale_shift', 'default', ['default']],
  ['only_cross_attention', false, [false]],
  ['mid_block_only_cross_attention', null, [null, false]],
  ['dual_cross_attention', false, [false]],
  ['class_embeddings_concat', false, [false]],
  ['resnet_skip_time_act', false, [false]],
  // Everything here is float32 already.
  ['upcast_attention', false, [false, true]],
  ['num_attention_heads', null, [null]],
  ['reverse_transformer_layers_per_block', null, [null]],
  ['encoder_hid_dim', null, [null]],
  ['encoder_hid_dim_type', null, [null]],
  ['class_embed_type', null, [null]],
  ['num_class_embeds', null, [null]],
  ['addition_embed_type', null, [null]],
  ['projection_class_embeddings_input_dim', null, [null]],
  ['time_embedding_act_fn', null, [null]],
  ['timestep_post_act', null, [null]],
  ['time_cond_proj_dim', null, [null]],
  ['cross_attention_norm', null, [null]],
];

/**
 * Checks a UNet2DConditionModel configuration (parsed JSON); absent keys have diffusers' defaults.
 * @throws AppError bad-pack naming key, value and what is supported
 */
export function parseUnetConfig(json: unknown, file?: string): UnetConfig {
  const read = new ConfigReader(json, { className: 'UNet2DConditionModel', file });
  for (const [key, fallback, allowed] of FIXED) read.oneOf(key, fallback, allowed);
  // Only read together with addition_embed_type, which must be null.
  read.ignore('addition_embed_type_num_heads', 'addition_time_embed_dim');
  const blockOutChannels = read.integers('block_out_channels', [320, 640, 1280, 1280]);
  const blocks = blockOutChannels.length;
  const heads = read.integerPerBlock('attention_head_dim', 8, blocks);
  const groups = read.integer('norm_num_groups', 32);
  if (blockOutChannels.some((c) => c % groups !== 0))
    read.refuse('block_out_channels', `multiples of norm_num_groups (${groups})`);
  if (blockOutChannels.some((c, i) => c % heads[i] !== 0))
    read.refuse('attention_head_dim', 'numbers of heads that divide the channels of their block');
  const config: UnetConfig = {
    inChannels: read.integer('in_channels', 4),
    outChannels: read.integer('out_channels', 4),
    sampleSize: read.integerOrNull('sample_size', null),
    flipSinToCos: read.boolean('flip_sin_to_cos', true),
    freqShift: read.number('freq_shift', 0),
    timeEmbeddingDim: read.integerOrNull('time_embedding_dim', null) ?? 4 * blockOutChannels[0],
    downBlockTypes: read.names(
      'down_block_types',
      ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
      DOWN_BLOCKS,
      blocks,
    ),
    upBlockTypes: read.names(
      'up_block_types',
      ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
      UP_BLOCKS,
      blocks,
    ),
    blockOutChannels,
    layersPerBlock: read.integerPerBlock('layers_per_block', 2, blocks),
    transformerLayersPerBlock: read.integerPerBlock('transformer_layers_per_block', 1, blocks),
    heads,
    crossAttentionDim: read.integer('cross_attention_dim', 1280),
    useLinearProjection: read.boolean('use_linear_projection', false),
    normGroups: groups,
    normEps: read.number('norm_eps', 1e-5),
    convInKernel: read.oneOf('conv_in_kernel', 3, [1, 3, 5, 7]),
    convOutKernel: read.oneOf('conv_out_kernel', 3, [1, 3, 5, 7]),
  };
  if (blockOutChannels[0] % 2 !== 0) read.refuse('block_out_channels', 'an even first entry');
  read.finish();
  return config;
}
