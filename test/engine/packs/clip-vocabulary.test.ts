// CLIP's own vocabulary, for files that bring none: ids as published models know them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { findTokenizer } from '../../../src/engine/packs/tokenizer-folder.ts';

test('it has 49,408 tokens and cuts prompts as CLIP does', () => {
  const found = findTokenizer(null, parseClipTextConfig({ hidden_size: 768, num_attention_heads: 12 }));
  const tokenizer = found!.load();
  assert.equal(tokenizer.vocabSize, 49408);
  // Ids from OpenAI's CLIP: "a photo of a cat", "hello world".
  assert.deepEqual(tokenizer.encode('a photo of a cat'), [49406, 320, 1125, 539, 320, 2368, 49407]);
  assert.deepEqual(tokenizer.encode('Hello  world!'), [49406, 3306, 1002, 256, 49407]);
  assert.equal(tokenizer.encodePadded('').length, 77);
});

test('another vocabulary is not guessed', () => {
  assert.equal(findTokenizer(null, parseClipTextConfig({ vocab_size: 934 })), null);
});
