// The embedded pack's word tokenizer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWordTokenizer } from '../../../src/core/text/word-tokenizer.ts';

const WORDS = ['<null>', 'a', 'with', '<end>', 'wood'];

test('eight positions, filled with the end word; nothing said is all null', () => {
  const tokenizer = createWordTokenizer({ words: WORDS });
  assert.deepEqual(tokenizer.encode('a wood'), [1, 4, 3]);
  assert.deepEqual(tokenizer.encodePadded('A wood <end>'), [1, 4, 3, 3, 3, 3, 3, 3]);
  assert.deepEqual(tokenizer.encodePadded(' '), [0, 0, 0, 0, 0, 0, 0, 0]);
});

test('a product’s tokens fill the prompt exactly', () => {
  const tokenizer = createWordTokenizer({ words: WORDS });
  assert.deepEqual(tokenizer.addTokens(['ob1', 'sks1', 'sks2', 'sks3', 'sks4', 'wood']), [5, 6, 7, 8, 9, 4]);
  assert.equal(tokenizer.vocabSize, 10);
  assert.deepEqual(tokenizer.encodePadded('a ob1 with sks1, sks2, sks3, sks4'), [1, 5, 2, 6, 7, 8, 9, 3]);
  assert.throws(
    () => tokenizer.encodePadded('a ob1 with sks1 sks2 sks3 sks4 wood'),
    /has 9 tokens, the pack takes 8/,
  );
});

test('unknown words and unusable lists are refused', () => {
  const tokenizer = createWordTokenizer({ words: WORDS });
  assert.throws(() => tokenizer.encode('a marble'), /does not know the word "marble"/);
  assert.throws(() => createWordTokenizer({ words: ['a', 'a'] }), /occurs twice/);
  assert.throws(() => createWordTokenizer({ words: ['a'] }), /lacks <null>/);
});
