// The files of a CLIP tokenizer folder: vocab.json + merges.txt as published, or one tokenizer.json (transformers 5).

import { AppError } from '../base/errors.ts';
import { byteLetters } from './byte-alphabet.ts';
import type { Merges } from './byte-pair.ts';
import { type ClipTokenizerParts, createClipTokenizer } from './clip-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Texts of the files, as far as they exist. */
export interface ClipTokenizerFiles {
  readonly vocabJson?: string;
  readonly mergesTxt?: string;
  readonly tokenizerJson?: string;
  readonly tokenizerConfigJson?: string;
  readonly specialTokensMapJson?: string;
}

type Json = Record<string, unknown>;

function bad(message: string, file: string): never {
  throw new AppError('bad-pack', `tokenizer: ${message}`, { file });
}

function parseObject(text: string | undefined, file: string): Json {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad-pack', 'tokenizer: not valid JSON', { file }, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) bad('not a JSON object', file);
  return value as Json;
}

function readVocab(value: unknown, file: string): Map<string, number> {
  if (typeof value !== 'object' || value === null) bad('no vocabulary', file);
  const vocab = new Map(Object.entries(value as Json)) as Map<string, number>;
  const ids = new Set(vocab.values());
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0 || id >= vocab.size)
      bad(`id ${String(id)} is outside 0..${vocab.size - 1}`, file);
  }
  if (ids.size !== vocab.size) bad('two tokens share an id', file);
  return vocab;
}

/** One merge: `"a b"` or `["a", "b"]`. */
function readMerge(entry: unknown, file: string): readonly [string, string] {
  const pair = typeof entry === 'string' ? entry.split(' ') : entry;
  if (
    !Array.isArray(pair) ||
    pair.length !== 2 ||
    !pair.every((side) => typeof side === 'string' && side !== '')
  ) {
    return bad(`merge ${JSON.stringify(entry)} is not a pair`, file);
  }
  return [pair[0], pair[1]];
}

function readMergesTxt(text: string): Merges {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const body = lines[0]?.startsWith('#version') ? lines.slice(1) : lines;
  return body.filter((line) => line !== '').map((line) => readMerge(line, 'merges.txt'));
}

interface Model {
  readonly vocab: Map<string, number>;
  readonly merges: Merges;
  readonly added: readonly AddedToken[];
}

function fromTokenizerJson(text: string): Model {
  const file = 'tokenizer.json';
  const root = parseObject(text, file);
  const model = (root.model ?? {}) as Json;
  if (model.type !== 'BPE') bad(`model type ${JSON.stringify(model.type)} is not supported (BPE is)`, file);
  if (model.end_of_word_suffix !== '</w>') {
    bad(`end_of_word_suffix ${JSON.stringify(model.end_of_word_suffix)} is not supported ("</w>" is)`, file);
  }
  if (!Array.isArray(model.merges)) bad('no merges', file);
  return {
    vocab: readVocab(model.vocab, file),
    merges: model.merges.map((entry) => readMerge(entry, file)),
    added: (Array.isArray(root.added_tokens) ? root.added_tokens : []).map((entry) =>
      readAddedToken((entry as Json | null)?.id, entry, file),
    ),
  };
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
}

function readAddedToken(id: unknown, entry: unknown, file: string): AddedToken {
  const content = typeof entry === 'object' && entry !== null ? (entry as Json).content : undefined;
  if (typeof content !== 'string' || content === '' || !Number.isInteger(id))
    return bad(`added token ${JSON.stringify(id)} has no id or no text`, file);
  return { id: id as number, content };
}

/** Contents of the added tokens that lie beyond the vocabulary, ordered by id, which must continue it. */
function tokensBeyond(vocab: Map<string, number>, entries: readonly AddedToken[], file: string): string[] {
  const beyond = entries.filter(({ content }) => !vocab.has(content)).sort((a, b) => a.id - b.id);
  beyond.forEach(({ id, content }, i) => {
    if (id !== vocab.size + i) bad(`added token ${content} has id ${id}, expected ${vocab.size + i}`, file);
  });
  return beyond.map(({ content }) => content);
}

/** A special token is written as a string or as an object with `content`. */
function special(key: string, fallback: string, ...sources: readonly Json[]): string {
  for (const source of sources) {
    const value = source[key];
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && value !== null && typeof (value as Json).content === 'string') {
      return (value as Json).content as string;
    }
  }
  return fallback;
}

function readMaxLength(config: Json): number {
  const value = config.model_max_length ?? 77;
  // transformers writes 1e30 where a folder sets no limit; CLIP's text encoder has 77 positions.
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 3)
    return bad('model_max_length must be a whole number of at least 3', 'tokenizer_config.json');
  return value > 1e6 ? 77 : value;
}

/**
 * Tokenizer of merges alone, numbered as CLIP numbers its tokens: letters, letters at a word's end, one token per
 * merge, start mark, end mark. For files that hold weights but no tokenizer.
 */
export function clipTokenizerFromMerges(mergesTxt: string): Tokenizer {
  const merges = readMergesTxt(mergesTxt);
  const letters = byteLetters();
  const [bos, eos] = ['<|startoftext|>', '<|endoftext|>'];
  const tokens = [...letters, ...letters.map((l) => `${l}</w>`), ...merges.map((m) => m.join('')), bos, eos];
  return createClipTokenizer({
    vocab: new Map(tokens.map((token, id) => [token, id])),
    merges,
    bosToken: bos,
    eosToken: eos,
    padToken: eos,
    unkToken: eos,
    maxLength: 77,
  });
}

/**
 * Tokenizer of a folder's files. Takes vocab.json + merges.txt where they exist, else tokenizer.json; behaves alike.
 * @throws AppError bad-pack naming the file and what is wrong with it
 */
export function clipTokenizerFromFiles(files: ClipTokenizerFiles): Tokenizer {
  const config = parseObject(files.tokenizerConfigJson, 'tokenizer_config.json');
  const map = parseObject(files.specialTokensMapJson, 'special_tokens_map.json');
  let model: Model;
  if (files.vocabJson !== undefined && files.mergesTxt !== undefined) {
    const vocab = readVocab(parseObject(files.vocabJson, 'vocab.json'), 'vocab.json');
    const decoder = Object.entries((config.added_tokens_decoder ?? {}) as Json);
    const added = decoder.map(([id, token]) => readAddedToken(Number(id), token, 'tokenizer_config.json'));
    model = { vocab, merges: readMergesTxt(files.mergesTxt), added };
  } else if (files.tokenizerJson !== undefined) {
    model = fromTokenizerJson(files.tokenizerJson);
  } else {
    return bad('neither vocab.json with merges.txt nor tokenizer.json is there', 'tokenizer');
  }
  const parts: ClipTokenizerParts = {
    vocab: model.vocab,
    merges: model.merges,
    bosToken: special('bos_token', '<|startoftext|>', config, map),
    eosToken: special('eos_token', '<|endoftext|>', config, map),
    padToken: special('pad_token', '<|endoftext|>', config, map),
    unkToken: special('unk_token', '<|endoftext|>', config, map),
    maxLength: readMaxLength(config),
    addedTokens: tokensBeyond(model.vocab, model.added, 'tokenizer_config.json'),
  };
  return createClipTokenizer(parts);
}
