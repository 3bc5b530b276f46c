// Tokenizer folders of CLIP, in both layouts, and what becomes of prompts.

import { byteLetters } from '../../../src/core/text/byte-alphabet.ts';
import { type ClipTokenizerFiles, clipTokenizerFromFiles } from '../../../src/core/text/clip-files.ts';
import { damageJson, damageText } from '../mutate-text.ts';
import { once, target } from '../target.ts';

const MERGES = ['s c', 'r a', 'sc ra', 't c', 'tc h</w>', 'scra tch</w>', 'a b'];
const PROMPTS = ['a photo of a scratch', 'sks1 on métal ✓ \u0000 \ud83d', ''];

const seeds = once((): readonly ClipTokenizerFiles[] => {
  const letters = byteLetters();
  const pieces = [...letters, ...letters.map((l) => `${l}</w>`), ...MERGES.map((m) => m.replace(' ', ''))];
  const marks = ['<|startoftext|>', '<|endoftext|>'];
  const vocab = Object.fromEntries([...pieces, ...marks].map((token, id) => [token, id]));
  const added = { id: Object.keys(vocab).length, content: 'sks1', special: false };
  const tokenizerConfigJson = JSON.stringify({
    model_max_length: 77,
    bos_token: { content: marks[0] },
    eos_token: marks[1],
    pad_token: marks[1],
    unk_token: marks[1],
    added_tokens_decoder: { [added.id]: added },
  });
  const model = { type: 'BPE', end_of_word_suffix: '</w>', vocab, merges: MERGES.map((m) => m.split(' ')) };
  return [
    {
      vocabJson: JSON.stringify(vocab),
      mergesTxt: `#version: 0.2\n${MERGES.join('\n')}\n`,
      tokenizerConfigJson,
      specialTokensMapJson: JSON.stringify({ bos_token: marks[0] }),
    },
    { tokenizerJson: JSON.stringify({ model, added_tokens: [added] }), tokenizerConfigJson },
  ];
});

export const tokenizer = target<ClipTokenizerFiles>({
  name: 'tokenizer',
  firstStage: 'every JSON file of it is an object',
  weight: 9,
  make(rng, place) {
    const files: Record<string, string> = { ...rng.pick(seeds()) };
    // The configs are small and read in many ways: they are hit as often as the tables.
    for (let n = 1 + rng.int(2); n > 0; n--) {
      const name = rng.pick(Object.keys(files));
      const damage = name === 'mergesTxt' ? damageText : damageJson;
      files[name] = damage(files[name], rng, place);
    }
    return files;
  },
  passes: (files) =>
    Object.entries(files).every(([name, text]) => {
      if (name === 'mergesTxt') return true;
      const value = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    }),
  run(files) {
    const made = clipTokenizerFromFiles(files);
    for (const prompt of PROMPTS) {
      made.encode(prompt);
      made.encodePadded(prompt);
    }
    made.addTokens(['sks2']);
  },
});
