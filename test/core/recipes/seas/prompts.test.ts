// Prompts and where their tokens stand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anomalyPrompt,
  normalPrompt,
  seasTokens,
  tokenNames,
  tokenSelection,
} from '../../../../src/core/recipes/seas/prompts.ts';

test('one token for the product, four per type', () => {
  const tokens = seasTokens(2);
  assert.equal(normalPrompt(tokens), 'a ob1');
  assert.equal(anomalyPrompt(tokens, 0), 'a ob1 with sks1 sks2 sks3 sks4');
  assert.equal(anomalyPrompt(tokens, 1), 'a ob1 with sks5 sks6 sks7 sks8');
  assert.equal(tokenNames(tokens).length, 9);
  assert.throws(() => anomalyPrompt(tokens, 2), /defect type 2 of 2/);
});

test('tokens are found by id, wherever they stand', () => {
  const ids = [50, 3, 7, 8, 1, 3, 50, 9, 8, 7];
  const got = tokenSelection(ids, 5, [
    [50, 7, 8],
    [50, 7, 8],
  ]);
  const at = (item: number, row: number) =>
    got.subarray((item * 3 + row) * 5, (item * 3 + row + 1) * 5).indexOf(1);
  assert.deepEqual([at(0, 0), at(0, 1), at(0, 2)], [0, 2, 3]);
  assert.deepEqual([at(1, 0), at(1, 1), at(1, 2)], [1, 4, 3]);
  assert.equal(
    got.reduce((x, y) => x + y),
    6,
  );
  assert.throws(() => tokenSelection(ids, 5, [[50, 99]]), /does not hold token 99/);
});
