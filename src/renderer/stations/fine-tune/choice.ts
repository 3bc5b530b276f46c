// What the user wants trained, and the requests it makes.

import type { FlawsmithClient } from '../../../contract/contract.ts';
import type { JobRequest } from '../../api/index.ts';

export const PRESETS = ['quick', 'balanced', 'best'] as const;
export type Preset = (typeof PRESETS)[number];
export const ATTENTIONS = ['code', 'token', 'paper'] as const;
export const RANKS = [0, 4, 8, 16, 32] as const;
export const DEVICES = ['auto', 'cpu', 'gpu'] as const;

/** Kept per product in the workspace. */
export type Choice = {
  method: string;
  /** Empty: the built-in one. */
  pack: string;
  preset: Preset;
  /** 0: all that are kept for learning. */
  shots: number;
  shotSeed: number;
  seed: number;
  /** 0: as the preset says. */
  steps: number;
  attention: (typeof ATTENTIONS)[number];
  /** 0: the whole network. */
  adapterRank: number;
  device: (typeof DEVICES)[number];
  /** GB; 0: what the PC has less a reserve. */
  memory: number;
};

export const FIRST_CHOICE: Choice = {
  method: 'seas',
  pack: '',
  preset: 'balanced',
  shots: 0,
  shotSeed: 0,
  seed: 0,
  steps: 0,
  attention: 'code',
  adapterRank: 0,
  device: 'auto',
  memory: 0,
};

export type Change = (change: Partial<Choice>) => void;

type PredictInput = Parameters<FlawsmithClient['training']['predict']>[0];
export type TrainInput = Exclude<
  Extract<JobRequest, { method: 'training.train' }>['input'],
  { resume: string }
>;

const GB = 1e9;

/** All but the length and the seed. */
export function jobOf(choice: Choice, product: string): PredictInput {
  const { method, pack, shots, shotSeed, steps, attention, adapterRank, device, memory } = choice;
  return {
    method: method as PredictInput['method'],
    product,
    shotSeed,
    attention,
    adapterRank,
    device,
    ...(pack !== '' && { pack }),
    ...(shots > 0 && { shots }),
    ...(steps > 0 && { steps }),
    ...(memory > 0 && { memory: Math.round(memory * GB) }),
  };
}

export function trainInputOf(choice: Choice, product: string): TrainInput {
  return { ...jobOf(choice, product), preset: choice.preset, seed: choice.seed };
}
