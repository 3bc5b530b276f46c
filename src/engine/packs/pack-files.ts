// Reading a pack folder: JSON files with reasons when they are wrong, and weights by state-dict name.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { openSafetensors } from './safetensors-file.ts';

/** The largest published ones have some kilobytes. */
const MAX_JSON_BYTES = 4 << 20;

export function readPackJson(folder: string, name: string): Record<string, unknown> {
  const file = join(folder, name);
  if (!existsSync(file)) {
    throw new AppError('bad-pack', `the pack has no ${name}`, {
      file,
      hint: 'A pack is a folder in diffusers layout: unet, vae, text_encoder, tokenizer, scheduler.',
    });
  }
  if (statSync(file).size > MAX_JSON_BYTES) {
    throw new AppError('bad-pack', `${name} is far too large for a configuration`, { file });
  }
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (cause) {
    throw new AppError('bad-pack', `${name} is not valid JSON`, { file }, cause);
  }
  throw new AppError('bad-pack', `${name} is not a JSON object`, { file });
}

/** The weights file of a part: the first of diffusers' names that is there. */
function weightsFile(folder: string, part: string): string {
  const names = ['diffusion_pytorch_model.safetensors', 'model.safetensors'];
  const found = names.map((n) => join(folder, part, n)).find((f) => existsSync(f));
  if (found) return found;
  throw new AppError('bad-pack', `the pack has no weights in ${part}`, {
    file: join(folder, part),
    hint: `Expected ${names.join(' or ')}; pickled files (.bin, .ckpt) are not read.`,
  });
}

/** Every tensor of a part as float32, one read per tensor; `rename` returns null for what is no weight. */
export function readWeights(
  folder: string,
  part: string,
  rename: (name: string) => string | null = (n) => n,
): Record<string, Float32Array> {
  const file = openSafetensors(weightsFile(folder, part));
  try {
    const weights: Record<string, Float32Array> = {};
    for (const stored of file.names) {
      const name = rename(stored);
      if (name !== null) weights[name] = file.float32(stored, { finite: true });
    }
    return weights;
  } finally {
    file.close();
  }
}

/** Paths relative to `root` with '/', in code point order on every system. */
function filesBelow(root: string): string[] {
  return walk(root)
    .map((file) => relative(root, file).split(sep).join('/'))
    .sort(compareCodePoints);
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const path = join(folder, e.name);
    return e.isDirectory() ? walk(path) : e.isFile() ? [path] : [];
  });
}

/** SHA-256 over names and contents of all files of the folder. */
export function packHash(folder: string): string {
  const all = createHash('sha256');
  for (const file of filesBelow(folder)) {
    const own = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    all.update(`${file} ${own}\n`);
  }
  return all.digest('hex');
}

export function packBytes(folder: string): number {
  return filesBelow(folder).reduce((n, f) => n + statSync(join(folder, f)).size, 0);
}
