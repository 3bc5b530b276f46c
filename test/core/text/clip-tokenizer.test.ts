// CLIP tokenizer on a vocabulary small enough to follow by hand; the 95 reference strings are in test/parity.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitAtTokens } from '../../../src/core/text/added-tokens.ts';
import { toByteLetters } from '../../../src/core/text/byte-alphabet.ts';
import { bytePairMerger } from '../../../src/core/text/byte-pair.ts';
import { type ClipTokenizerFiles, clipTokenizerFromFiles } from '../../../src/core/text/clip-files.ts';
import { clipWords } from '../../../src/core/text/clip-words.ts';

const TOKENS = [
  'a',
  'b',
  'c',
  'a</w>',
  'b</w>',
  'c</w>',
  'ab',
  'abc</w>',
  '<|startoftext|>',
  '<|endoftext|>',
];
const VOCAB = Object.fromEntries(TOKENS.map((token, id) => [token, id]));
const MERGES = '#version: 0.2\na b\nab c</w>\n';
const FILES: ClipTokenizerFiles = {
  vocabJson: JSON.stringify(VOCAB),
  mergesTxt: MERGES,
  tokenizerConfigJson: '{"model_max_length": 6}',
};
const BOS = 8;
const EOS = 9;

test('words become pieces, unknown letters the end mark', () => {
  const tokenizer = clipTokenizerFromFiles(FILES);
  assert.deepEqual(tokenizer.encode('ABC ab'), [BOS, 7, 0, 4, EOS]);
  assert.deepEqual(tokenizer.encode('abab'), [BOS, 6, 0, 4, EOS]);
  assert.deepEqual(tokenizer.encode('z'), [BOS, EOS, EOS]);
  assert.deepEqual(tokenizer.encode(''), [BOS, EOS]);
  assert.equal(tokenizer.idOf('abc</w>'), 7);
  assert.equal(tokenizer.tokenOf(7), 'abc</w>');
});

test('padding and cutting keep the end mark', () => {
  const tokenizer = clipTokenizerFromFiles(FILES);
  assert.deepEqual(tokenizer.encodePadded('a'), [BOS, 3, EOS, EOS, EOS, EOS]);
  assert.deepEqual(tokenizer.encodePadded('a b c a b c'), [BOS, 3, 4, 5, 3, EOS]);
});

test('added tokens: new ids at the end, found inside words, known names keep their id', () => {
  const tokenizer = clipTokenizerFromFiles(FILES);
  assert.deepEqual(tokenizer.addTokens(['sks1', 'sks10', 'sks1']), [10, 11, 10]);
  assert.equal(tokenizer.vocabSize, 12);
  assert.deepEqual(tokenizer.encode('asks1b sks10'), [BOS, 3, 10, 4, 11, EOS]);
  assert.deepEqual(tokenizer.addTokens(['ab']), [6]);
});

test('tokenizer.json with merges as pairs gives the same', () => {
  const model = { type: 'BPE', end_of_word_suffix: '</w>', vocab: VOCAB, merges: [['a', 'b'], 'ab c</w>'] };
  const tokenizerJson = JSON.stringify({ model, added_tokens: [{ id: 10, content: 'ob1' }] });
  const tokenizer = clipTokenizerFromFiles({ tokenizerJson });
  assert.deepEqual(tokenizer.encode('abc ob1'), [BOS, 7, 10, EOS]);
  assert.equal(tokenizer.maxLength, 77);
});

test('files that cannot be right are refused by name', () => {
  const cases: [ClipTokenizerFiles, RegExp][] = [
    [{}, /neither vocab.json/],
    [{ ...FILES, vocabJson: '{' }, /not valid JSON/],
    [{ ...FILES, vocabJson: '{"a":0,"b":0}' }, /share an id/],
    [{ ...FILES, vocabJson: '{"a":0,"b":7}' }, /outside 0..1/],
    [{ ...FILES, vocabJson: '{"a":0}' }, /special token <\|endoftext\|>|special token <\|startoftext\|>/],
    [{ ...FILES, mergesTxt: '#version\na b c\n' }, /is not a pair/],
    [{ tokenizerJson: '{"model":{"type":"WordPiece"}}' }, /"WordPiece" is not supported/],
  ];
  for (const [files, message] of cases) assert.throws(() => clipTokenizerFromFiles(files), message);
});

test('the parts: alphabet, merging order, cleaning, cutting at tokens', () => {
  assert.deepEqual(toByteLetters('A é\n'), ['A', 'Ġ', 'Ã', '©', 'Ċ']);
  const merge = bytePairMerger([
    ['b', 'c'],
    ['a', 'b'],
  ]);
  assert.deepEqual(merge(['a', 'b', 'c', 'a', 'b']), ['a', 'bc', 'ab']);
  assert.deepEqual(clipWords('It’s 12\u200b3 中文!?'), ['it', '’', 's', '1', '2', '3', '中', '文', '!?']);
  assert.deepEqual(clipWords("don't"), ['don', "'t"]);
  const cut = splitAtTokens('x+y+z', ['+', 'y+']);
  assert.deepEqual(
    cut.map((stretch) => stretch.text),
    ['x', '+', 'y+', 'z'],
  );
});
