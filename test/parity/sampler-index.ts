// What a fixture folder says about its samplers: samplers/index.json and the model's own scheduler config.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigJson } from '../../src/core/diffusion/config-reader.ts';
import { type Scheduler, schedulerFromConfig } from '../../src/core/diffusion/scheduler.ts';
import { readJson } from './golden.ts';

/** One entry of samplers/index.json. */
export interface SamplerSpec {
  readonly class: string;
  readonly config: ConfigJson;
  readonly steps: number;
  readonly eta?: number;
  readonly evaluations: number;
  readonly draws: number;
  readonly init_noise_sigma: number;
}

export function readSamplers(dir: string): [string, SamplerSpec][] {
  return Object.entries(
    readJson<{ samplers: Record<string, SamplerSpec> }>(dir, 'samplers/index.json').samplers,
  );
}

/** The model folder (the one with a scheduler), relative to `dir`. */
export function modelFolder(dir: string): string {
  const found = readdirSync(dir)
    .toSorted()
    .find((name) => existsSync(join(dir, name, 'scheduler', 'scheduler_config.json')));
  if (found === undefined) throw new Error('no model folder with scheduler/scheduler_config.json');
  return found;
}

/** The model's schedule, under another sampler class and with changed keys where asked. */
export function modelScheduler(dir: string, className?: string, change: ConfigJson = {}): Scheduler {
  const config = readJson<ConfigJson>(dir, `${modelFolder(dir)}/scheduler/scheduler_config.json`);
  return schedulerFromConfig({ ...config, ...change }, className ?? config._class_name);
}
