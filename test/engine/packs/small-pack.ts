// A pack folder with the product's own configuration files and a handful of weights: quick to write, quick to spoil.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Builder } from '../../../src/core/graph/builder.ts';
import { type ParameterTable, Scope } from '../../../src/core/nets/scope.ts';
import { type PackContent, type PackPart, writePack } from '../../../src/engine/packs/write-pack.ts';

/** Numbers that fp16 holds exactly, different along each array. */
export function exactWeights(table: ParameterTable): Record<string, Float32Array> {
  return Object.fromEntries(
    [...table].map(([name, { shape }], at) => {
      const size = shape.reduce((n, d) => n * d, 1);
      const first = 31 * at;
      return [
        name,
        Float32Array.from({ length: size }, (_, i) => (((i + first) * 7919) % 1021) / 1024 - 0.5),
      ];
    }),
  );
}

export function exactPart(table: ParameterTable): PackPart {
  return { table, weights: exactWeights(table) };
}

function part(shapes: Readonly<Record<string, readonly number[]>>): PackPart {
  const s = new Scope(new Builder());
  for (const [name, shape] of Object.entries(shapes)) s.param(name, shape);
  return exactPart(s.table);
}

export function smallContent(): PackContent {
  return {
    unet: part({ 'conv_in.weight': [4, 2, 3, 3], 'conv_in.bias': [4] }),
    text: part({ 'text_model.embeddings.token_embedding.weight': [5, 3] }),
    autoencoder: part({ 'encoder.conv_in.weight': [2, 3, 1, 1] }),
    latentScale: { mean: [1, 2, 3, -0.5], std: [0.5, 1.5, 2, 4] },
    trained: { unet_steps: 3 },
  };
}

/** Writes the small pack; returns its folder. */
export async function smallPack(folder: string): Promise<string> {
  await writePack(folder, smallContent());
  return folder;
}

/** Rewrites one of a pack's JSON files; a key of `undefined` is left out. */
export function changeJson(folder: string, name: string, change: Readonly<Record<string, unknown>>): void {
  const file = join(folder, name);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...json, ...change }));
}
