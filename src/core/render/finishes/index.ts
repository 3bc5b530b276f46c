// The table of the pack's 8 finish words, in the order of the word list.

import { burn, flat, stain, wear } from './colour.ts';
import type { Finish } from './finish.ts';
import { texture } from './material.ts';
import { gloss, hole, relief } from './relief.ts';

export const FINISHES = {
  flat,
  stain,
  relief,
  hole,
  burn,
  texture,
  gloss,
  wear,
} as const satisfies Record<string, Finish>;

export type FinishWord = keyof typeof FINISHES;
export const FINISH_WORDS = Object.keys(FINISHES) as FinishWord[];
