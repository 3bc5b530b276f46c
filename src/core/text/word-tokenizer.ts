// The embedded pack's tokenizer: one word, one token, a fixed number of slots, no start mark.

import { AppError, invariant } from '../base/errors.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface WordTokenizerParts {
  /** The vocabulary; a word's place is its id. Must hold the null and the end word. */
  readonly words: readonly string[];
  /** Positions of the text encoder. */
  readonly maxLength?: number;
  /** Fills the prompt that says nothing (unconditional). */
  readonly nullWord?: string;
  /** Ends a prompt and fills what is left. */
  readonly endWord?: string;
}

/**
 * Tokenizer over a word list. Words are separated by spaces or commas and looked up in lower case.
 * A prompt ends with the end word (added when missing) and is filled up with it; the empty prompt is all null words.
 * Unlike CLIP's it refuses what it does not know and what does not fit, naming the word or the length.
 */
export function createWordTokenizer(parts: WordTokenizerParts): Tokenizer {
  const { maxLength = 8, nullWord = '<null>', endWord = '<end>' } = parts;
  const words = [...parts.words];
  const ids = new Map(words.map((word, id) => [word, id]));
  if (ids.size !== words.length) throw new AppError('bad-pack', 'tokenizer: a word occurs twice in the list');
  const required = (word: string): number => {
    const id = ids.get(word);
    if (id === undefined) throw new AppError('bad-pack', `tokenizer: the word list lacks ${word}`);
    return id;
  };
  const nullId = required(nullWord);
  const endId = required(endWord);

  const lookUp = (word: string): number => {
    const id = ids.get(word) ?? ids.get(word.toLowerCase());
    if (id !== undefined) return id;
    throw new AppError('usage', `the pack does not know the word "${word}"`, {
      hint: 'Use one of the pack’s words.',
    });
  };

  const encode = (text: string): number[] => {
    const found = text
      .split(/[\s,]+/)
      .filter((word) => word !== '')
      .map(lookUp);
    return found.length === 0 || found.at(-1) === endId ? found : [...found, endId];
  };

  return {
    encode,
    encodePadded(text) {
      const found = encode(text);
      if (found.length > maxLength) {
        throw new AppError(
          'usage',
          `the prompt "${text}" has ${found.length} tokens, the pack takes ${maxLength}`,
        );
      }
      const filler = found.length === 0 ? nullId : endId;
      return [...found, ...Array<number>(maxLength - found.length).fill(filler)];
    },
    idOf: (token) => ids.get(token),
    tokenOf: (id) => words[id],
    addTokens: (names) =>
      names.map((name) => {
        invariant(!/[\s,]/.test(name) && name !== '', `"${name}" is not one word`);
        if (!ids.has(name)) ids.set(name, words.push(name) - 1);
        return ids.get(name) as number;
      }),
    get vocabSize() {
      return words.length;
    },
    maxLength,
  };
}
