// What AnomalySD says to the base model: one learned token on a window pack, English at two levels on the others.

import type { AnomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import { SURFACE_WORDS } from '../../../core/render/surfaces/index.ts';
import type { Tokenizer } from '../../../core/text/tokenizer.ts';
import type { Backbone } from '../../backbones/backbone.ts';

/** The class's token on a window pack. */
const CLASS_TOKEN = 'ob1';

export interface ClassPrompts {
  readonly tokenizer: Tokenizer;
  /** Tokens behind the vocabulary. */
  readonly added: number;
  readonly addedTokens: number;
  /** Padded ids, one per level. */
  readonly levels: readonly (readonly number[])[];
  readonly texts: readonly string[];
  readonly unconditional: readonly number[];
  /** Words whose mean row the new token starts at; empty without one. */
  readonly starts: readonly (readonly number[])[];
}

export function classPrompts(backbone: Backbone, product: string, settings: AnomalySdSettings): ClassPrompts {
  const tokenizer = backbone.tokenizer();
  const learns = backbone.kind === 'window';
  if (learns) tokenizer.addTokens([CLASS_TOKEN]);
  const spoken = product.replaceAll('_', ' ');
  const texts = learns
    ? [`a ${CLASS_TOKEN}`]
    : [settings.promptOverall, settings.promptDetail].map((text) => text.replaceAll('{}', spoken));
  const words = SURFACE_WORDS.map((w) => tokenizer.idOf(w)).filter((id) => id !== undefined);
  return {
    tokenizer,
    added: learns ? 1 : 0,
    addedTokens: tokenizer.vocabSize - backbone.networks.text.vocabSize,
    levels: texts.map((text) => tokenizer.encodePadded(text).slice(0, backbone.promptLength)),
    texts,
    unconditional: tokenizer.encodePadded('').slice(0, backbone.promptLength),
    starts: learns ? [words] : [],
  };
}
