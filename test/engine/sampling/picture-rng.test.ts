// Streams of pictures: picture i is the same however many there are, and groups are always drawn whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureRng, wholeGroups } from '../../../src/engine/sampling/picture-rng.ts';

const REQUEST = { generator: 'windows', type: 'crack', seed: 7 } as const;

const numbers = (request: Parameters<typeof pictureRng>[0], index: number) => {
  const { rng, seed } = pictureRng(request, index);
  return { seed, drawn: Array.from({ length: 6 }, () => rng.uint32()) };
};

test('groups that hold a wanted picture, each once, whole and in order', () => {
  assert.deepEqual(wholeGroups([5], 4), [[4, 5, 6, 7]]);
  assert.deepEqual(wholeGroups([8, 0, 3, 9, 1], 4), [
    [0, 1, 2, 3],
    [8, 9, 10, 11],
  ]);
  assert.deepEqual(wholeGroups([2, 3], 3), [
    [0, 1, 2],
    [3, 4, 5],
  ]);
  assert.deepEqual(
    wholeGroups([100, 20], 8).map((g) => g[0]),
    [16, 96],
  );
  assert.deepEqual(wholeGroups([], 8), []);
});

test('a resumed run has the groups of the whole run', () => {
  const all = wholeGroups(
    Array.from({ length: 20 }, (_, i) => i),
    8,
  );
  assert.equal(all.length, 3);
  const rest = wholeGroups([13, 14, 15, 16, 17, 18, 19], 8);
  assert.deepEqual(rest, all.slice(1));
});

test('a picture depends on its own index alone, whatever was drawn for others', () => {
  const alone = numbers(REQUEST, 5);
  const inARow = Array.from({ length: 8 }, (_, i) => numbers(REQUEST, i));
  assert.deepEqual(inARow[5], alone);
  assert.deepEqual(numbers({ ...REQUEST, ...{ count: 99, indices: [1] } }, 5), alone);
});

test('index, seed, type and generator each make another picture', () => {
  const others = [
    numbers(REQUEST, 5),
    numbers(REQUEST, 6),
    numbers({ ...REQUEST, seed: 8 }, 5),
    numbers({ ...REQUEST, type: 'dent' }, 5),
    numbers({ ...REQUEST, type: null }, 5),
    numbers({ ...REQUEST, generator: 'seas' }, 5),
  ];
  assert.equal(new Set(others.map((o) => o.seed)).size, others.length);
  assert.equal(new Set(others.flatMap((o) => o.drawn)).size, 6 * others.length);
});

test('the seed on record is a whole number that drawing does not move', () => {
  const { rng, seed } = pictureRng(REQUEST, 3);
  assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
  rng.fillNormal(new Float32Array(100));
  assert.equal(pictureRng(REQUEST, 3).seed, seed);
});
