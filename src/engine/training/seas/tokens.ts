// A product's new tokens on a window pack: where their rows start and what their prompts are.

import {
  anomalyPrompt,
  normalPrompt,
  type SeasTokens,
  seasTokens,
  tokenNames,
} from '../../../core/recipes/seas/prompts.ts';
import type { WindowExample } from '../../../core/recipes/windows/window-example.ts';
import { FINISH_WORDS } from '../../../core/render/finishes/index.ts';
import { SHAPE_WORDS } from '../../../core/render/shapes/index.ts';
import { SURFACE_WORDS } from '../../../core/render/surfaces/index.ts';
import { TONE_WORDS } from '../../../core/render/tones.ts';
import { SIZE_WORDS } from '../../../core/render/words.ts';
import type { Tokenizer } from '../../../core/text/tokenizer.ts';
import type { Pack } from '../../packs/pack.ts';

/** The words whose mean a slot's new token starts from: SURFACE for the product, then TONE FINISH SHAPE SIZE. */
const SLOTS = [SURFACE_WORDS, TONE_WORDS, FINISH_WORDS, SHAPE_WORDS, SIZE_WORDS] as const;

export interface ProductTokens {
  readonly tokens: SeasTokens;
  readonly tokenizer: Tokenizer;
  readonly added: number;
  /** Padded ids of the prompt of a type, and of the normal prompt. */
  readonly anomaly: readonly (readonly number[])[];
  readonly normal: readonly number[];
  readonly unconditional: readonly number[];
  /** Per type: the product's token id, then the type's anomaly token ids. */
  readonly wanted: readonly (readonly number[])[];
}

export function productTokens(pack: Pack, types: number): ProductTokens {
  const tokenizer = pack.tokenizer();
  const tokens = seasTokens(types);
  const ids = tokenizer.addTokens(tokenNames(tokens));
  const id = (name: string) => tokenizer.idOf(name) as number;
  return {
    tokens,
    tokenizer,
    added: ids.length,
    anomaly: tokens.anomaly.map((_, t) => tokenizer.encodePadded(anomalyPrompt(tokens, t))),
    normal: tokenizer.encodePadded(normalPrompt(tokens)),
    unconditional: tokenizer.encodePadded(''),
    wanted: tokens.anomaly.map((names) => [id(tokens.normal), ...names.map(id)]),
  };
}

/** The token table [vocabulary + added, D] with new rows at the mean of their slot's words. */
export function startTable(pack: Pack, product: ProductTokens, table: Float32Array): Float32Array {
  const width = pack.text.hiddenSize;
  const out = new Float32Array(product.tokenizer.vocabSize * width);
  out.set(table);
  const names = tokenNames(product.tokens);
  names.forEach((name, i) => {
    const slot = i === 0 ? 0 : 1 + ((i - 1) % (SLOTS.length - 1));
    const rows = SLOTS[slot].map((w) => product.tokenizer.idOf(w)).filter((r) => r !== undefined);
    const at = (product.tokenizer.idOf(name) as number) * width;
    for (const r of rows) for (let k = 0; k < width; k++) out[at + k] += table[r * width + k] / rows.length;
  });
  return out;
}

/** Prompt of a training window: repairs are normal surface. */
export function promptOf(
  product: ProductTokens,
  types: readonly string[],
  example: WindowExample,
): readonly number[] {
  return example.kind === 'repair' ? product.normal : product.anomaly[types.indexOf(example.type)];
}
