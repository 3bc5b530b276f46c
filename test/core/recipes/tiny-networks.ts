// Networks of the pack's shape, small enough to be interpreted: three blocks, latents of 8x8, four tokens.

import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';
import type { DenoiseNetworks } from '../../../src/core/recipes/pack/denoise-loss.ts';

export const TINY_LATENT = 8;
export const TINY_TOKENS = 4;
/** Rows of the token table: five words and two added ones. */
export const TINY_VOCABULARY = 7;

export const TINY_NETWORKS: DenoiseNetworks = {
  unet: parseUnetConfig({
    in_channels: 24,
    out_channels: 4,
    block_out_channels: [4, 4, 8],
    down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
    layers_per_block: 1,
    attention_head_dim: 2,
    norm_num_groups: 2,
    cross_attention_dim: 6,
  }),
  text: parseClipTextConfig({
    vocab_size: 5,
    hidden_size: 6,
    intermediate_size: 8,
    num_hidden_layers: 0,
    num_attention_heads: 2,
    max_position_embeddings: TINY_TOKENS,
    eos_token_id: 3,
  }),
  addedTokens: 2,
};
