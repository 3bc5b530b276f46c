// Near-duplicates: the same shot in another coding is found; other parts, other light and other cameras are not taken for one.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { type Look, nearDuplicates } from '../../../src/core/image/near-duplicates.ts';

const SIDE = 32;

/** A fixed part drawn by `camera`, with the surface of its own that makes each part another. */
function part(name: string, { camera = 0, light = 0, noise = 0 } = {}): Uint8Array {
  const own = namedRng(5, name);
  const coding = namedRng(6, `${name} ${noise} ${light}`);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, k) => {
    const [x, y] = [k % SIDE, Math.floor(k / SIDE)];
    const shape = 40 * Math.sin((x + 9 * camera) / 3) * Math.cos((y - 4 * camera) / 4);
    return Math.max(0, Math.min(255, 120 + shape + light * x + 6 * own.normal() + noise * coding.normal()));
  });
}

function groupsOf(looks: readonly Look[]): string[][] {
  const work = nearDuplicates(looks);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

const others = (count: number, options = {}): Look[] =>
  Array.from({ length: count }, (_, i) => ({ key: `other ${i}`, values: part(`other ${i}`, options) }));

describe('near-duplicates', () => {
  test('one shot coded twice is found among parts of the same shape', () => {
    const looks = [
      ...others(30),
      { key: 'a', values: part('a') },
      { key: 'a again', values: part('a', { noise: 0.8 }) },
    ];
    assert.deepEqual(groupsOf(looks), [['a', 'a again']]);
  });

  test('the same shot in slowly changing light is found, other parts in that light are not', () => {
    const looks = [
      ...others(20, { light: 0.8 }),
      ...others(20).map(({ key, values }) => ({ key: `dark ${key}`, values })),
      { key: 'a', values: part('a') },
      { key: 'bright a', values: part('a', { light: 0.8 }) },
    ];
    const groups = groupsOf(looks);
    assert.ok(groups.some((group) => group.includes('a') && group.includes('bright a')));
    // Others are the same parts in other light, too: pairs, never a crowd.
    assert.ok(groups.every((group) => group.length === 2));
  });

  test('pictures of two camera positions are not taken for duplicates', () => {
    const second = others(12, { camera: 1 }).map(({ key, values }) => ({ key: `second ${key}`, values }));
    const distinct = second.map(({ key }, i) => ({ key, values: part(`second ${i}`, { camera: 1 }) }));
    assert.deepEqual(groupsOf([...others(12), ...distinct]), []);
  });

  test('many copies of one shot are one group', () => {
    const copies = Array.from({ length: 12 }, (_, i) => ({
      key: `copy ${i}`,
      values: part('a', { noise: 0.1 * (i % 3) }),
    }));
    assert.deepEqual(groupsOf([...others(20), ...copies]), [copies.map(({ key }) => key)]);
  });

  test('few or flat pictures are not grouped by chance', () => {
    assert.deepEqual(groupsOf([]), []);
    assert.deepEqual(groupsOf(others(2)), []);
    const flat = Array.from({ length: 10 }, (_, i) => ({
      key: `${i}`,
      values: new Uint8Array(SIDE * SIDE).fill(9),
    }));
    assert.deepEqual(groupsOf(flat), []);
  });
});
