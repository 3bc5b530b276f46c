// Configurations of networks and samplers in a model folder.

import { schedulerFromConfig } from '../../../src/core/diffusion/scheduler.ts';
import { parseAutoencoderConfig } from '../../../src/core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';
import { damageJson } from '../mutate-text.ts';
import { target } from '../target.ts';

interface Config {
  readonly kind: number;
  readonly text: string;
}

const KINDS: readonly { seed: object; read: (json: never) => unknown }[] = [
  {
    seed: {
      _class_name: 'UNet2DConditionModel',
      in_channels: 4,
      block_out_channels: [32, 64],
      down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
      up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
      layers_per_block: 2,
      attention_head_dim: [2, 4],
      cross_attention_dim: 32,
      norm_num_groups: 8,
    },
    read: parseUnetConfig,
  },
  {
    seed: {
      _class_name: 'AutoencoderKL',
      block_out_channels: [32, 64],
      down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
      up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
      latent_channels: 4,
      norm_num_groups: 8,
      scaling_factor: 0.18215,
    },
    read: parseAutoencoderConfig,
  },
  {
    seed: {
      hidden_size: 32,
      intermediate_size: 64,
      num_attention_heads: 4,
      num_hidden_layers: 2,
      vocab_size: 100,
      max_position_embeddings: 77,
      hidden_act: 'quick_gelu',
      layer_norm_eps: 1e-5,
    },
    read: parseClipTextConfig,
  },
  {
    seed: {
      _class_name: 'DPMSolverMultistepScheduler',
      num_train_timesteps: 1000,
      beta_start: 0.00085,
      beta_end: 0.012,
      beta_schedule: 'scaled_linear',
      prediction_type: 'epsilon',
      timestep_spacing: 'leading',
      steps_offset: 1,
    },
    read: (json: Record<string, unknown>) => schedulerFromConfig(json, json._class_name).stepper(5),
  },
];

export const modelConfig = target<Config>({
  name: 'model-config',
  firstStage: 'it is a JSON object',
  weight: 5,
  make(rng, place) {
    const kind = rng.int(KINDS.length);
    return { kind, text: damageJson(JSON.stringify(KINDS[kind].seed), rng, place) };
  },
  passes({ text }) {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  },
  run({ kind, text }) {
    const read = KINDS[kind].read as (json: unknown) => unknown;
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return;
    }
    read(json);
  },
});
