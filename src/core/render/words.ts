// The pack's language: 55 words, the eight-token prompts made of them, and the size words.

import { invariant } from '../base/errors.ts';
import { FINISH_WORDS, type FinishWord } from './finishes/index.ts';
import { SHAPE_WORDS, type ShapeWord } from './shapes/index.ts';
import { SURFACE_WORDS, type SurfaceWord } from './surfaces/index.ts';
import { TONE_WORDS, type ToneWord } from './tones.ts';

/** Upper bounds of the mask's share of the window; the last word has none. */
const SIZES = [
  ['tiny', 0.008],
  ['small', 0.03],
  ['medium', 0.09],
  ['large', Infinity],
] as const;
export type SizeWord = (typeof SIZES)[number][0];
export const SIZE_WORDS: readonly SizeWord[] = SIZES.map(([word]) => word);

/** Index = token id. A pack stores this list, so it only ever grows at its end. */
export const WORDS: readonly string[] = [
  '<null>',
  'a',
  'with',
  '<end>',
  ...SURFACE_WORDS,
  ...TONE_WORDS,
  ...FINISH_WORDS,
  ...SHAPE_WORDS,
  ...SIZE_WORDS,
];

/** How one rendered defect is described. */
export interface DefectWords {
  tone: ToneWord;
  finish: FinishWord;
  shape: ShapeWord;
  size: SizeWord;
}

/** A whole sample: the defect's words and the surface under it. */
export interface SampleWords extends DefectWords {
  surface: SurfaceWord;
}

export const PROMPT_LENGTH = 8;

const IDS = new Map(WORDS.map((word, id) => [word, id]));

function tokenId(word: string): number {
  const id = IDS.get(word);
  invariant(id !== undefined, `"${word}" is not a word of the pack`);
  return id;
}

export function sizeWord(maskShare: number): SizeWord {
  return SIZES.find(([, limit]) => maskShare < limit)![0];
}

/** `a SURFACE with TONE FINISH SHAPE SIZE <end>` as token ids. */
export function defectPrompt(words: Record<keyof SampleWords, string>): number[] {
  const { surface, tone, finish, shape, size } = words;
  return ['a', surface, 'with', tone, finish, shape, size, '<end>'].map(tokenId);
}

/** `a SURFACE`, then `<end>` up to eight tokens. */
export function normalPrompt(surface: string): number[] {
  const words = ['a', surface];
  while (words.length < PROMPT_LENGTH) words.push('<end>');
  return words.map(tokenId);
}

/** The unconditional prompt. */
export const NULL_PROMPT: number[] = Array.from({ length: PROMPT_LENGTH }, () => tokenId('<null>'));
