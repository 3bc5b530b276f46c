// The pack's word list is part of its weights: ids and prompts are pinned.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defectPrompt, NULL_PROMPT, normalPrompt, sizeWord, WORDS } from '../../../src/core/render/words.ts';

/** `words` of the reference pack's flawsmith.json. */
const REFERENCE =
  '<null> a with <end> brushed cast painted machined wood leather fabric felt terrazzo concrete granite board ' +
  'granular plastic grid paper dark black grey white bright red orange yellow green blue purple brown flat stain ' +
  'relief hole burn texture gloss wear spot specks scratch crack gap fibre patch ring smear cut strokes tiny small ' +
  'medium large';

test('the 55 words keep their ids', () => {
  assert.deepEqual(WORDS, REFERENCE.split(' '));
  assert.equal(WORDS.length, 55);
});

test('prompts have eight tokens in the documented slots', () => {
  const words = { surface: 'wood', tone: 'red', finish: 'gloss', shape: 'spot', size: 'tiny' };
  assert.deepEqual(
    defectPrompt(words).map((id) => WORDS[id]),
    ['a', 'wood', 'with', 'red', 'gloss', 'spot', 'tiny', '<end>'],
  );
  assert.deepEqual(
    normalPrompt('paper').map((id) => WORDS[id]),
    ['a', 'paper', ...Array(6).fill('<end>')],
  );
  assert.deepEqual(NULL_PROMPT, [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.throws(() => normalPrompt('velvet'), /internal: "velvet"/);
});

test('size words follow the share of the window', () => {
  assert.deepEqual([0.0079, 0.008, 0.0299, 0.03, 0.0899, 0.09, 0.3].map(sizeWord), [
    'tiny',
    'small',
    'small',
    'medium',
    'medium',
    'large',
    'large',
  ]);
});
