// What the bench times, as data both sides are given.

import { PACK_SCHEDULER_JSON, PACK_UNET_JSON } from '../../src/core/recipes/pack/pack-config.ts';
import { DETECTOR_DEFAULTS } from '../../src/engine/detectors/settings.ts';

export interface NetworkCase {
  readonly name: string;
  readonly kind: 'train_step' | 'generate';
  readonly unet: Readonly<Record<string, unknown>> & {
    readonly in_channels: number;
    readonly out_channels: number;
    readonly cross_attention_dim: number;
  };
  /** Null: the embedded pack's decoder. */
  readonly vae: Readonly<Record<string, unknown>> | null;
  readonly scheduler: Readonly<Record<string, unknown>>;
  readonly batch: number;
  /** Micro-batches of a training step. */
  readonly parts: number;
  /** Latent side. */
  readonly side: number;
  readonly tokens: number;
  readonly steps: number;
}

export interface OpCase {
  readonly name: string;
  readonly kind: 'op';
  readonly op: 'conv3x3' | 'linear' | 'attention' | 'group_norm_silu';
  readonly shapes: readonly (readonly number[])[];
}

/** A training step of a detector with its default settings. */
export interface DetectorCase {
  readonly name: string;
  readonly kind: 'detector_step';
  readonly detector: 'unet' | 'draem' | 'destseg';
  readonly width: number;
  readonly batch: number;
  readonly side: number;
  /** DeSTSeg's teacher. */
  readonly unet: Readonly<Record<string, unknown>>;
}

export type Case = NetworkCase | OpCase | DetectorCase;

function detectorCase(name: string, detector: DetectorCase['detector']): DetectorCase {
  const { width, batch, window } = DETECTOR_DEFAULTS[detector];
  return { name, kind: 'detector_step', detector, width, batch, side: window, unet: PACK_UNET_JSON };
}

const SD_UNET = {
  _class_name: 'UNet2DConditionModel',
  act_fn: 'silu',
  down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: 4,
  layers_per_block: 2,
  mid_block_type: 'UNetMidBlock2DCrossAttn',
  norm_eps: 1e-5,
  out_channels: 4,
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
} as const;

const SD_VAE = {
  _class_name: 'AutoencoderKL',
  act_fn: 'silu',
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  in_channels: 3,
  out_channels: 3,
  latent_channels: 4,
  layers_per_block: 2,
} as const;

/** The multistep solver of 25 linspace steps. */
const SOLVER = {
  _class_name: 'DPMSolverMultistepScheduler',
  num_train_timesteps: 1000,
  beta_start: PACK_SCHEDULER_JSON.beta_start,
  beta_end: PACK_SCHEDULER_JSON.beta_end,
  beta_schedule: 'scaled_linear',
  algorithm_type: 'dpmsolver++',
  solver_order: 2,
  timestep_spacing: 'linspace',
} as const;

const PACK = {
  unet: PACK_UNET_JSON,
  vae: null,
  scheduler: { ...SOLVER, prediction_type: 'v_prediction' },
  batch: 8,
  parts: 2,
  side: 32,
  tokens: 8,
  steps: 25,
} as const;

const TINY = {
  unet: {
    ...SD_UNET,
    block_out_channels: [16, 24, 32, 32],
    attention_head_dim: 4,
    cross_attention_dim: 32,
    norm_num_groups: 8,
    sample_size: 16,
  },
  vae: { ...SD_VAE, block_out_channels: [8, 12, 16, 16], norm_num_groups: 4, sample_size: 128 },
  scheduler: SOLVER,
  batch: 4,
  parts: 2,
  side: 16,
  tokens: 77,
  steps: 25,
} as const;

/** A third of Stable Diffusion 1.x's width, about 100 M parameters. */
const MID = {
  unet: {
    ...SD_UNET,
    block_out_channels: [112, 224, 448, 448],
    attention_head_dim: 8,
    cross_attention_dim: 768,
    norm_num_groups: 16,
    sample_size: 32,
  },
  vae: { ...SD_VAE, block_out_channels: [64, 128, 256, 256], norm_num_groups: 32, sample_size: 256 },
  scheduler: SOLVER,
  batch: 2,
  parts: 2,
  side: 32,
  tokens: 77,
  steps: 25,
} as const;

export const CASES: readonly Case[] = [
  { name: 'pack.train_step', kind: 'train_step', ...PACK },
  { name: 'pack.generate', kind: 'generate', ...PACK },
  { name: 'tiny.train_step', kind: 'train_step', ...TINY },
  { name: 'tiny.generate', kind: 'generate', ...TINY },
  { name: 'mid.train_step', kind: 'train_step', ...MID },
  { name: 'mid.generate', kind: 'generate', ...MID },
  detectorCase('unet_detector.train_step', 'unet'),
  detectorCase('draem.train_step', 'draem'),
  detectorCase('destseg.train_step', 'destseg'),
  {
    name: 'op.conv3x3_48_32px',
    kind: 'op',
    op: 'conv3x3',
    shapes: [
      [8, 48, 32, 32],
      [48, 48, 3, 3],
    ],
  },
  {
    name: 'op.conv3x3_96_16px',
    kind: 'op',
    op: 'conv3x3',
    shapes: [
      [8, 96, 16, 16],
      [96, 96, 3, 3],
    ],
  },
  {
    name: 'op.conv3x3_144_8px',
    kind: 'op',
    op: 'conv3x3',
    shapes: [
      [8, 144, 8, 8],
      [144, 144, 3, 3],
    ],
  },
  {
    name: 'op.linear_96_384',
    kind: 'op',
    op: 'linear',
    shapes: [
      [2048, 96],
      [384, 96],
    ],
  },
  {
    name: 'op.attention_256',
    kind: 'op',
    op: 'attention',
    shapes: [
      [8, 6, 256, 16],
      [8, 6, 256, 16],
      [8, 6, 256, 16],
    ],
  },
  {
    name: 'op.group_norm_silu_48_32px',
    kind: 'op',
    op: 'group_norm_silu',
    shapes: [[8, 48, 32, 32], [48], [48]],
  },
];
