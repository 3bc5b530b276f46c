// What both kinds of token sets are opened with.

import { AppError } from '../../core/base/errors.ts';
import { mergeAdapters } from '../../core/recipes/adapters.ts';
import { anomalyPrompt, normalPrompt } from '../../core/recipes/seas/prompts.ts';
import type { TokenSet } from '../services.ts';
import { readWeightsFile } from '../training/seas/networks.ts';
import type { ProductTokens } from '../training/seas/tokens.ts';
import type { TokenSetWeights } from './token-set-weights.ts';

type Weights = Record<string, Float32Array>;

/** Keys that start with `prefix`, without it. */
export function part(weights: Readonly<Weights>, prefix: string): Weights {
  return Object.fromEntries(
    Object.entries(weights)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, data]) => [name.slice(prefix.length), data]),
  );
}

/** Name and content of the file that holds what was trained. */
export function learnedFile(set: TokenSet, adapterRank: number): Weights {
  const name = adapterRank > 0 ? 'adapters.safetensors' : 'weights.safetensors';
  if (set.files[name] !== undefined) return readWeightsFile(set.files[name]);
  throw new AppError('unsupported', `the token set holds no ${name}, so it cannot be saved in this form`, {
    hint: 'Only fine-tunes by "train --method seas" can.',
  });
}

export function promptsOf({ tokens }: ProductTokens, types: readonly string[]): TokenSetWeights['prompts'] {
  return {
    normal: normalPrompt(tokens),
    types: Object.fromEntries(types.map((type, t) => [type, anomalyPrompt(tokens, t)])),
  };
}

export function withAdapters(base: Readonly<Weights>, adapters: Readonly<Weights>, rank: number): Weights {
  const merged = Object.fromEntries(Object.entries(base).map(([name, data]) => [name, data.slice()]));
  mergeAdapters(merged, adapters, rank);
  return merged;
}
