// Networks of a fixture folder: which model folders there are, their configurations and weights, and programs to run.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../src/core/graph/value.ts';
import { inputName } from '../../src/core/graph/value.ts';
import { type AutoencoderConfig, parseAutoencoderConfig } from '../../src/core/nets/autoencoder-kl.ts';
import {
  type ClipTextConfig,
  parseClipTextConfig,
  TOKEN_TABLE,
} from '../../src/core/nets/clip-text-model.ts';
import { autoencoderWeightName, textWeightName } from '../../src/core/nets/legacy-names.ts';
import type { ParameterTable } from '../../src/core/nets/scope.ts';
import { parseUnetConfig, type UnetConfig } from '../../src/core/nets/unet-2d-condition.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';
import { openSafetensors } from '../../src/engine/packs/safetensors-file.ts';
import { compile, type TensorData } from '../../src/engine/runtime/executable.ts';
import { readJson } from './golden.ts';

export type Weights = Record<string, Float32Array>;
export type Feeds = Record<string, TensorData>;

export interface Model<C> {
  /** Relative to the fixture folder. */
  readonly folder: string;
  readonly config: C;
  readonly weights: Weights;
}

export const THREADS = 2;

/** Folders of `dir` that hold PART/config.json, sorted. */
export function modelFolders(dir: string, part: string): string[] {
  return readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, part, 'config.json')))
    .toSorted();
}

/** Every tensor of a file as float32, renamed; `rename` gives null for what is no weight. */
export function readWeights(
  path: string,
  rename: (stored: string) => string | null = (name) => name,
): Weights {
  const file = openSafetensors(path);
  const weights: Weights = {};
  for (const stored of file.names) {
    const name = rename(stored);
    if (name !== null) weights[name] = file.float32(stored);
  }
  file.close();
  return weights;
}

export function loadUnet(dir: string, folder: string): Model<UnetConfig> {
  const path = join(folder, 'unet/config.json');
  const weights = readWeights(join(dir, folder, 'unet/diffusion_pytorch_model.safetensors'));
  return { folder, config: parseUnetConfig(readJson(dir, path), path), weights };
}

export function loadAutoencoder(dir: string, folder: string): Model<AutoencoderConfig> {
  const path = join(folder, 'vae/config.json');
  const file = join(dir, folder, 'vae/diffusion_pytorch_model.safetensors');
  const weights = readWeights(file, autoencoderWeightName);
  return { folder, config: parseAutoencoderConfig(readJson(dir, path), path), weights };
}

export function loadText(dir: string, folder: string): Model<ClipTextConfig> {
  const path = join(folder, 'text_encoder/config.json');
  const weights = readWeights(join(dir, folder, 'text_encoder/model.safetensors'), textWeightName);
  return { folder, config: parseClipTextConfig(readJson(dir, path), path), weights };
}

/** The weights with rows appended to the token table. */
export function withAddedTokens(weights: Weights, rows: Float32Array): Weights {
  const table = weights[TOKEN_TABLE];
  const longer = new Float32Array(table.length + rows.length);
  longer.set(table);
  longer.set(rows, table.length);
  return { ...weights, [TOKEN_TABLE]: longer };
}

/** Feeds for every parameter of a network; throws when the file lacks one, has another size, or has more. */
export function parameterFeeds(table: ParameterTable, weights: Weights): Feeds {
  const feeds: Feeds = {};
  for (const [name, value] of table) {
    const data = weights[name];
    if (data?.length !== sizeOf(value.shape))
      throw new Error(`weight ${name}: ${data?.length} numbers for [${value.shape.join()}]`);
    feeds[inputName(value)] = data;
  }
  const unknown = Object.keys(weights).filter((name) => !table.has(name));
  if (unknown.length > 0) throw new Error(`no parameter for ${unknown.slice(0, 3).join(', ')}`);
  return feeds;
}

/** Compiles, runs once and releases. */
export async function runOnce(
  outputs: Readonly<Record<string, Value>>,
  feeds: Feeds,
): Promise<Record<string, TensorData>> {
  const executable = await compile({ outputs }, { threads: THREADS });
  try {
    return await executable.run(feeds);
  } finally {
    await executable.release();
  }
}
