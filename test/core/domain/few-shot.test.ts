// The few-shot choice: one test set for 1, 3 and 8 shots, the same everywhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseShots } from '../../../src/core/domain/few-shot.ts';
import { compareCodePoints } from '../../../src/core/domain/text-order.ts';

function files(type: string, count: number): { id: string; file: string; type: string }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${type}${i}`,
    file: `test/${type}/${String(i).padStart(3, '0')}.png`,
    type,
  }));
}

test('1, 3 and 8 shots share reserve and test set, and fewer are a prefix of more', () => {
  const all = [...files('scratch', 20), ...files('hole', 17)];
  const [one, three, eight] = [1, 3, 8].map((shots) => chooseShots(all, { shots, shotSeed: 0 }));
  assert.deepEqual(one.test, eight.test);
  assert.deepEqual(one.reserved, three.reserved);
  const holes = (ids: string[]): string[] => ids.filter((id) => id.startsWith('hole'));
  assert.deepEqual(holes(three.shots), holes(eight.shots).slice(0, 3));
  assert.deepEqual(holes(one.shots), holes(eight.shots).slice(0, 1));
  assert.equal(eight.test.length, 12 + 9);
  assert.deepEqual([...eight.reserved, ...eight.test].sort(), all.map((f) => f.id).sort());
});

test('types below 12 pictures reserve 3, and what is missing is said', () => {
  const choice = chooseShots([...files('a', 11), ...files('b', 12), ...files('c', 1)], {
    shots: 8,
    shotSeed: 0,
  });
  assert.deepEqual(
    choice.types.map(({ type, reserved, shots, test: left }) => [type, reserved, shots, left]),
    [
      ['a', 3, 3, 8],
      ['b', 8, 8, 4],
      ['c', 1, 1, 0],
    ],
  );
  assert.match(choice.types[0].note!, /only 3 of the 8/);
  assert.equal(choice.types[1].note, null);
  assert.match(choice.types[2].note!, /no picture is left for testing/);
});

test('the choice depends on names and seed, not on the order given', () => {
  const all = files('scratch', 20);
  const a = chooseShots(all, { shots: 3, shotSeed: 0 });
  assert.deepEqual(chooseShots([...all].reverse(), { shots: 3, shotSeed: 0 }), a);
  assert.notDeepEqual(chooseShots(all, { shots: 3, shotSeed: 1 }).shots, a.shots);
  // Another type beside it changes nothing.
  assert.deepEqual(
    chooseShots([...all, ...files('zz', 5)], { shots: 3, shotSeed: 0 }).shots.slice(0, 3),
    a.shots,
  );
});

test('the numbers drawn are fixed: a change here changes every published test set', () => {
  assert.deepEqual(chooseShots(files('scratch', 20), { shots: 3, shotSeed: 0 }).shots, [
    'scratch5',
    'scratch8',
    'scratch3',
  ]);
});

test('names are ordered by code point, also beyond 16 bits', () => {
  // U+FF5A sorts before U+1F527 by code point, after it by UTF-16 unit.
  assert.deepEqual(['\u{1f527}', '\uff5a', 'b', 'a10', 'a1', 'B'].sort(compareCodePoints), [
    'B',
    'a1',
    'a10',
    'b',
    '\uff5a',
    '\u{1f527}',
  ]);
  assert.equal(compareCodePoints('x', 'x'), 0);
});
