// SeaS's training graph on a very small window network.

import { parseClipTextConfig } from '../../src/core/nets/clip-text-model.ts';
import { parseUnetConfig } from '../../src/core/nets/unet-2d-condition.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../src/core/recipes/pack/pack-config.ts';
import { windowProgram } from '../../src/core/recipes/seas/window-program.ts';

export const SMALL_WORDS = 12;

const NETWORKS = {
  unet: parseUnetConfig({
    ...PACK_UNET_JSON,
    block_out_channels: [8, 8],
    down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
    norm_num_groups: 4,
    attention_head_dim: 4,
    cross_attention_dim: 8,
  }),
  text: parseClipTextConfig({
    ...PACK_TEXT_JSON,
    eos_token_id: SMALL_WORDS - 1,
    hidden_size: 8,
    intermediate_size: 16,
    num_attention_heads: 2,
    projection_dim: 8,
    vocab_size: SMALL_WORDS,
  }),
  addedTokens: 0,
};

export function smallSeasProgram() {
  return windowProgram(NETWORKS, {
    rows: { windows: 1, anomalies: 1, normals: 0 },
    latentSize: 8,
    promptLength: 8,
    tokensPerPrompt: 2,
    form: 'code',
    alignment: 0.3,
  });
}
