// CLIP's byte-pair tokenizer with added tokens: the behaviour of transformers' slow CLIPTokenizer without ftfy.

import { AppError } from '../base/errors.ts';
import { splitAtTokens } from './added-tokens.ts';
import { toByteLetters } from './byte-alphabet.ts';
import { bytePairMerger, type Merges } from './byte-pair.ts';
import { clipWords } from './clip-words.ts';
import type { Tokenizer } from './tokenizer.ts';

const MARKS: ReadonlySet<string> = new Set(['<|startoftext|>', '<|endoftext|>']);

/** Everything a CLIP tokenizer consists of; clip-files.ts reads it from a pack's files. */
export interface ClipTokenizerParts {
  /** Token -> id; ids 0..n-1 without holes. */
  readonly vocab: ReadonlyMap<string, number>;
  readonly merges: Merges;
  readonly bosToken: string;
  readonly eosToken: string;
  readonly padToken: string;
  readonly unkToken: string;
  readonly maxLength: number;
  /** Tokens beyond the vocabulary that the files already bring, in order of id. */
  readonly addedTokens?: readonly string[];
}

/** Builds the tokenizer. Throws bad-pack when a special token is not in the vocabulary. */
export function createClipTokenizer(parts: ClipTokenizerParts): Tokenizer {
  const ids = new Map(parts.vocab);
  const tokens = new Map([...ids].map(([token, id]) => [id, token]));
  const merge = bytePairMerger(parts.merges);
  const special = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined)
      throw new AppError('bad-pack', `tokenizer: special token ${token} is not in the vocabulary`);
    return id;
  };
  const bos = special(parts.bosToken);
  const eos = special(parts.eosToken);
  const unk = special(parts.unkToken);
  const pad = special(parts.padToken);
  const whole = new Set([parts.bosToken, parts.eosToken, parts.padToken, parts.unkToken]);

  const addTokens = (names: readonly string[]): number[] =>
    names.map((name) => {
      let id = ids.get(name);
      if (id === undefined) {
        id = ids.size;
        ids.set(name, id);
        tokens.set(id, name);
      }
      whole.add(name);
      return id;
    });
  addTokens(parts.addedTokens ?? []);

  const encodeWord = (word: string): number[] => {
    // Upper-case spellings of the two marks become marks once lowered, as in transformers.
    if (MARKS.has(word)) return [ids.get(word) ?? unk];
    const letters = toByteLetters(word);
    letters[letters.length - 1] += '</w>';
    return merge(letters).map((piece) => ids.get(piece) ?? unk);
  };

  const encodeBare = (text: string): number[] =>
    splitAtTokens(text, whole).flatMap((stretch) =>
      stretch.isToken ? [ids.get(stretch.text) as number] : clipWords(stretch.text).flatMap(encodeWord),
    );

  return {
    encode: (text) => [bos, ...encodeBare(text), eos],
    encodePadded(text) {
      const kept = [bos, ...encodeBare(text).slice(0, parts.maxLength - 2), eos];
      return [...kept, ...Array<number>(parts.maxLength - kept.length).fill(pad)];
    },
    idOf: (token) => ids.get(token),
    tokenOf: (id) => tokens.get(id),
    addTokens,
    get vocabSize() {
      return ids.size;
    },
    maxLength: parts.maxLength,
  };
}
