// The arena's rules: best fit, splitting, coalescing, growth by doubling, pages counted once they were used.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arena, residentAfter } from '../../../src/core/memory/arena.ts';

const MB = 2 ** 20;

test('what was used stays, what was only reserved does not count', () => {
  const arena = new Arena();
  arena.take(1, 3 * MB);
  assert.equal(arena.residentBytes, 3 * MB, 'of a region of 4 MB');
  arena.give(1);
  assert.equal(arena.residentBytes, 3 * MB);
  arena.take(2, 100);
  assert.equal(arena.residentBytes, 3 * MB, 'used again from the start');
});

test('neighbours that are free are one', () => {
  const arena = new Arena();
  for (const id of [1, 2, 3, 4]) arena.take(id, MB / 4);
  for (const id of [2, 4, 3, 1]) arena.give(id);
  arena.take(5, MB);
  assert.equal(arena.residentBytes, MB);
});

test('the smallest chunk that fits is taken', () => {
  const arena = new Arena();
  arena.take(1, 16 * MB);
  arena.give(1);
  for (const [id, mb] of [6, 1, 3, 1].entries()) arena.take(id, mb * MB);
  arena.give(0);
  arena.give(2);
  arena.take(9, 3 * MB);
  arena.take(10, 6 * MB);
  assert.equal(arena.residentBytes, 16 * MB, 'the 3 MB went where 3 MB were free');
});

test('a chunk that is a little too large is not split', () => {
  const arena = new Arena();
  arena.take(1, 8 * MB);
  arena.give(1);
  arena.take(2, 5 * MB);
  arena.take(3, 3 * MB);
  assert.equal(arena.residentBytes, 11 * MB, 'three of the first eight are lost');
});

test('runs of the same events need no more than the first', () => {
  const events = [
    { id: 1, bytes: 4 * MB },
    { id: 2, bytes: 2 * MB },
    { id: 1, bytes: -4 * MB },
    { id: 3, bytes: 4 * MB },
    { id: 2, bytes: -2 * MB },
  ];
  assert.equal(residentAfter(events, 1), residentAfter(events, 5));
  assert.ok(residentAfter(events, 1) >= 6 * MB);
});
