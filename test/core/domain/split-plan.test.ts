// What belongs together stays together, what crosses is found with its pair, and shares are met kind by kind.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ImageSplit } from '../../../src/core/domain/import-report.ts';
import {
  clustersOf,
  dividePictures,
  findLeaks,
  partOf,
  type SplitPicture,
} from '../../../src/core/domain/split-plan.ts';

function picture(id: string, given: Partial<SplitPicture> = {}): SplitPicture {
  return {
    id,
    file: `${id}.png`,
    blob: `blob ${id}`,
    kind: ' normal',
    split: null,
    part: null,
    near: null,
    ...given,
  };
}

describe('what belongs together', () => {
  test('parts, likeness and equal content link, also through each other', () => {
    const pictures = [
      picture('a', { part: '1' }),
      picture('b', { part: '1', near: 4 }),
      picture('c', { near: 4, blob: 'x' }),
      picture('d', { blob: 'x' }),
      picture('e', { part: '2' }),
    ];
    const ids = clustersOf(pictures).map((cluster) => cluster.map(({ id }) => id).join(''));
    assert.deepEqual(ids.sort(), ['abcd', 'e']);
  });

  test('a leak names the pair, its reason, and the split where most are', () => {
    const pictures = [
      picture('a', { part: '7', split: 'test' }),
      picture('b', { part: '7', split: 'test' }),
      picture('c', { part: '7', split: 'train' }),
      picture('d', { part: '8', split: 'train' }),
      picture('e', { part: '8' }),
    ];
    const leaks = findLeaks(pictures);
    assert.equal(leaks.length, 1);
    assert.equal(leaks[0].reason, 'part');
    assert.equal(leaks[0].part, '7');
    assert.deepEqual([leaks[0].first.id, leaks[0].second.id], ['a', 'c']);
    assert.equal(leaks[0].into, 'test');
  });

  test('pictures linked only through one without a split are no leak', () => {
    const bridge = picture('b', { part: '1', near: 1 });
    const pictures = [
      picture('a', { part: '1', split: 'train' }),
      bridge,
      picture('c', { near: 1, split: 'test' }),
    ];
    assert.deepEqual(findLeaks(pictures), []);
  });
});

describe('dividing by shares', () => {
  const shares = { train: 70, validation: 15, test: 15 };
  const many = Array.from({ length: 200 }, (_, i) =>
    picture(`p${i}`, {
      kind: i % 10 === 0 ? 'crack' : ' normal',
      part: i % 3 === 0 ? `part ${i >> 2}` : null,
    }),
  );

  test('each kind gets its shares, parts stay whole', () => {
    const into = dividePictures(many, { shares, seed: 1, keep: false });
    const share = (kind: string, split: ImageSplit): number => {
      const of = many.filter((p) => p.kind === kind);
      return of.filter(({ id }) => into.get(id) === split).length / of.length;
    };
    for (const kind of ['crack', ' normal']) {
      assert.ok(Math.abs(share(kind, 'train') - 0.7) < 0.08, `${kind} ${share(kind, 'train')}`);
      assert.ok(Math.abs(share(kind, 'test') - 0.15) < 0.08, `${kind} ${share(kind, 'test')}`);
    }
    assert.deepEqual(findLeaks(many.map((p) => ({ ...p, split: into.get(p.id)! }))), []);
  });

  test('the order of the pictures changes nothing, the seed does', () => {
    const asText = (map: Map<string, ImageSplit>) => JSON.stringify([...map].sort());
    const plain = asText(dividePictures(many, { shares, seed: 1, keep: false }));
    assert.equal(asText(dividePictures(many.toReversed(), { shares, seed: 1, keep: false })), plain);
    assert.notEqual(asText(dividePictures(many, { shares, seed: 2, keep: false })), plain);
  });

  test('kept splits stay and their companions follow', () => {
    const pictures = [picture('a', { split: 'test', part: '1' }), picture('b', { part: '1' }), picture('c')];
    const into = dividePictures(pictures, {
      shares: { train: 1, validation: 0, test: 0 },
      seed: 0,
      keep: true,
    });
    assert.deepEqual(Object.fromEntries(into), { a: 'test', b: 'test', c: 'train' });
  });

  test('a share of 0 gets nothing', () => {
    const into = dividePictures(many, { shares: { train: 1, validation: 0, test: 1 }, seed: 3, keep: false });
    assert.ok(![...into.values()].includes('validation'));
  });
});

test('a part is the first group of the match, or the whole of it', () => {
  assert.equal(partOf('a/part17_2.png', /part(\d+)/u), '17');
  assert.equal(partOf('a/part17_2.png', /part\d+/u), 'part17');
  assert.equal(partOf('a/other.png', /part(\d+)/u), null);
});
