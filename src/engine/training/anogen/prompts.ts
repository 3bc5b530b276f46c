// AnoGen's prompts: the learned vectors by themselves, or in the places for words that a window pack's prompt has.

import type { AnoGenSettings } from '../../../core/recipes/anogen/settings.ts';
import { FINISH_WORDS } from '../../../core/render/finishes/index.ts';
import { SHAPE_WORDS } from '../../../core/render/shapes/index.ts';
import { SURFACE_WORDS } from '../../../core/render/surfaces/index.ts';
import { TONE_WORDS } from '../../../core/render/tones.ts';
import { SIZE_WORDS } from '../../../core/render/words.ts';
import type { Tokenizer } from '../../../core/text/tokenizer.ts';
import type { Backbone } from '../../backbones/backbone.ts';

/** Where the vectors start on models that read English (`--init_word` of the release). */
const START_WORD = 'defect';
const SLOTS = [SURFACE_WORDS, TONE_WORDS, FINISH_WORDS, SHAPE_WORDS, SIZE_WORDS];
/** Forms the vectors are learned in (textual inversion); {} is the vectors. */
const TEMPLATES = [
  '{}',
  'a photo of a {}',
  'a rendering of a {}',
  'a cropped photo of the {}',
  'a close-up photo of a {}',
  'a bright photo of the {}',
  'a dark photo of the {}',
  'a good photo of a {}',
];

export interface DefectPrompts {
  readonly tokenizer: Tokenizer;
  readonly added: number;
  readonly addedTokens: number;
  /** Per type the padded ids it is learned with. */
  readonly training: readonly (readonly (readonly number[])[])[];
  /** Per type the padded ids it is drawn with. */
  readonly drawing: readonly (readonly number[])[];
  readonly unconditional: readonly number[];
  /** Ids of words whose mean row each new vector starts at. */
  readonly starts: readonly (readonly number[])[];
}

const vectorNames = (type: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `anogen${type * count + i + 1}`);

export function defectPrompts(backbone: Backbone, types: number, { vectors }: AnoGenSettings): DefectPrompts {
  const tokenizer = backbone.tokenizer();
  const names = Array.from({ length: types }, (_, t) => vectorNames(t, vectors));
  const isWindow = backbone.kind === 'window';
  const starts = names.flatMap((own) => own.map((_, i) => startIds(tokenizer, isWindow, i)));
  tokenizer.addTokens(names.flat());
  const encode = (text: string) => tokenizer.encodePadded(text).slice(0, backbone.promptLength);
  const text = (own: readonly string[]) => {
    if (!isWindow) return own.join(' ');
    const [surface, ...rest] = own;
    return rest.length > 0 ? `a ${surface} with ${rest.join(' ')}` : `a ${surface}`;
  };
  return {
    tokenizer,
    added: names.flat().length,
    addedTokens: tokenizer.vocabSize - backbone.networks.text.vocabSize,
    training: names.map((own) =>
      (isWindow ? ['{}'] : TEMPLATES).map((form) => encode(form.replace('{}', text(own)))),
    ),
    drawing: names.map((own) => encode(text(own))),
    unconditional: encode(''),
    starts,
  };
}

function startIds(tokenizer: Tokenizer, isWindow: boolean, slot: number): number[] {
  if (!isWindow) {
    // Without the start and end marks, which every prompt has.
    const [, ...ids] = tokenizer.encode(START_WORD);
    return ids.slice(0, -1);
  }
  const words = SLOTS[slot % SLOTS.length];
  return words.map((word) => tokenizer.idOf(word)).filter((id) => id !== undefined);
}
