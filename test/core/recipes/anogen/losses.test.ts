// AnoGen: the region on the latent grid, the masked loss, the weak focal loss, and one trained token row.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import type { Value } from '../../../../src/core/graph/value.ts';
import { clipTextModel, TOKEN_TABLE } from '../../../../src/core/nets/clip-text-model.ts';
import { focalLoss } from '../../../../src/core/nets/functional.ts';
import { Scope } from '../../../../src/core/nets/scope.ts';
import { embeddingLoss, latentRegion } from '../../../../src/core/recipes/anogen/embedding-loss.ts';
import { weakFocalLoss } from '../../../../src/core/recipes/anogen/weak-focal.ts';
import { randomFeeds } from '../../nets/sizes.ts';
import { TINY_NETWORKS } from '../tiny-networks.ts';

const scalar = (value: Value, feeds: Record<string, ArrayLike<number>> = {}): number =>
  interpret({ outputs: { value } }, feeds).value.data[0];

test('a latent cell is marked when any of its four centre taps is; a speck between them is lost', () => {
  const mark = (x: number, y: number): Float32Array => {
    const data = new Float32Array(64);
    data[y * 8 + x] = 1;
    return latentRegion({ data, height: 8, width: 8 }, 2, 2).data;
  };
  assert.deepEqual([...mark(1, 1)], [1, 0, 0, 0]);
  assert.deepEqual([...mark(6, 5)], [0, 0, 0, 1]);
  assert.deepEqual([...mark(0, 0)], [0, 0, 0, 0]);
});

test('the loss counts the region only; divided by all, or by the region', () => {
  const b = new Builder();
  const target = b.constant([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
  const prediction = b.fill(0, [1, 2, 2, 2]);
  const region = b.constant([0, 1, 0, 0], [1, 1, 2, 2]);
  assert.equal(scalar(embeddingLoss(b, prediction, target, region)), (4 + 36) / 8);
  assert.equal(scalar(embeddingLoss(b, prediction, target, region, 'region')), (4 + 36) / 2);
  assert.equal(scalar(embeddingLoss(b, prediction, target, b.fill(0, [1, 1, 2, 2]), 'region')), 0);
});

test('weak focal: pixels of the box that are surely good cost nothing, all others as before', () => {
  const b = new Builder();
  // Defect probabilities: outside .05, inside .05 (sure), inside .5 (suspect).
  const p1 = [0.05, 0.05, 0.5];
  const probabilities = b.constant([...p1.map((p) => 1 - p), ...p1], [1, 2, 1, 3]);
  const box = b.constant([0, 1, 1], [1, 1, 1, 3]);
  const focal = (p: number): number => -((1 - p) ** 2) * Math.log(p);
  const got = scalar(weakFocalLoss(b, probabilities, box));
  assert.ok(Math.abs(got - (focal(0.95) + focal(0.5)) / 3) < 1e-4, `${got}`);
  const all = scalar(weakFocalLoss(b, probabilities, box, { threshold: 0 }));
  assert.ok(Math.abs(all - scalar(focalLoss(b, probabilities, box))) < 1e-12);
});

test('a replaced row stands in for the table wherever its token occurs, and takes the gradient', () => {
  const b = new Builder();
  const s = new Scope(b);
  const ids = b.ids([4, 1, 4, 2], [1, 4]);
  const row = b.input('row', [6]);
  const replaced = clipTextModel(s, ids, TINY_NETWORKS.text, { replaced: { id: 4, row } });
  const table = s.table.get(TOKEN_TABLE);
  assert.ok(table);
  const plain = clipTextModel(s, ids, TINY_NETWORKS.text);
  const loss = b.sum(b.square(replaced.lastHiddenState), 'all');
  const [gradient] = gradients(b, loss, [row]);
  assert.ok(gradient);
  const outputs = { replaced: replaced.hiddenStates[0], plain: plain.hiddenStates[0], gradient };
  const feeds = randomFeeds(Object.values(outputs));
  feeds.row = Float32Array.from(feeds[TOKEN_TABLE].slice(4 * 6, 5 * 6));
  const same = interpret({ outputs }, feeds);
  assert.deepEqual([...same.replaced.data], [...same.plain.data]);
  assert.ok(same.gradient.data.some((v) => v !== 0));
  feeds.row = feeds.row.map((v) => v + 1);
  const other = interpret({ outputs }, feeds);
  const moved = [...other.replaced.data].map((v, i) => Math.round(v - other.plain.data[i]));
  assert.deepEqual(
    moved,
    [1, 0, 1, 0].flatMap((by) => Array<number>(6).fill(by)),
  );
});
