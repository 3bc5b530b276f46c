// The embedded pack's networks as diffusers configuration files (embedded-pack.md section 9).

import { WORDS } from '../../render/words.ts';

export const PACK_UNET_JSON = {
  _class_name: 'UNet2DConditionModel',
  _diffusers_version: '0.42.1',
  act_fn: 'silu',
  attention_head_dim: 6,
  block_out_channels: [48, 96, 144],
  cross_attention_dim: 128,
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: 24,
  layers_per_block: 1,
  mid_block_type: 'UNetMidBlock2DCrossAttn',
  norm_eps: 1e-5,
  norm_num_groups: 8,
  out_channels: 4,
  sample_size: 32,
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
} as const;

export const PACK_TEXT_JSON = {
  architectures: ['CLIPTextModel'],
  bos_token_id: 0,
  eos_token_id: WORDS.indexOf('<end>'),
  hidden_act: 'quick_gelu',
  hidden_size: 128,
  intermediate_size: 256,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 8,
  model_type: 'clip_text_model',
  num_attention_heads: 4,
  num_hidden_layers: 0,
  pad_token_id: 0,
  projection_dim: 128,
  vocab_size: WORDS.length,
} as const;

export const PACK_SCHEDULER_JSON = {
  _class_name: 'DDIMScheduler',
  _diffusers_version: '0.42.1',
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  clip_sample: false,
  num_train_timesteps: 1000,
  prediction_type: 'v_prediction',
  set_alpha_to_one: true,
  steps_offset: 0,
  timestep_spacing: 'leading',
} as const;
