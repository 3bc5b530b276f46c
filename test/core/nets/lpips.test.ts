// LPIPS: nothing apart from itself, symmetric, finite gradients where features vanish; its map averages to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { ALEXNET_WIDTHS, type LpipsWidths, lpips, lpipsMap } from '../../../src/core/nets/lpips.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { countParameters, randomFeeds } from './sizes.ts';

const WIDTHS: LpipsWidths = [2, 3, 2, 2, 2];

function build() {
  const b = new Builder();
  const s = new Scope(b);
  const [x, y] = [b.input('x', [2, 3, 32, 40]), b.input('y', [2, 3, 32, 40])];
  return { b, s, x, y, distance: lpips(s, x, y, WIDTHS) };
}

test('at full width the network has 2,469,696 parameters and 1,152 weights', () => {
  const b = new Builder();
  const s = new Scope(b);
  lpips(s, b.input('x', [1, 3, 64, 64]), b.input('y', [1, 3, 64, 64]));
  assert.equal(
    countParameters(s.table, (name) => name.startsWith('conv.')),
    2_469_696,
  );
  assert.equal(
    countParameters(s.table, (name) => name.startsWith('lin.')),
    1152,
  );
  assert.equal(
    ALEXNET_WIDTHS.reduce((sum, c) => sum + c),
    1152,
  );
});

test('a picture is 0 from itself and equally far both ways', () => {
  const { s, x, y, distance } = build();
  const back = lpips(s, y, x, WIDTHS);
  const feeds = randomFeeds([distance]);
  const got = interpret({ outputs: { distance, back } }, feeds);
  for (const [i, v] of got.distance.data.entries()) assert.ok(Math.abs(v - got.back.data[i]) < 1e-12);
  const same = interpret({ outputs: { distance } }, { ...feeds, y: feeds.x });
  assert.deepEqual([...same.distance.data], [0, 0]);
});

test('features that are all zero give no NaN', () => {
  const { b, s, x, distance } = build();
  const [gradient] = gradients(b, b.mean(distance, 'all'), [x]);
  assert.ok(gradient);
  const feeds = randomFeeds([distance]);
  const bias = s.table.get('conv.0.bias');
  assert.ok(bias);
  feeds['conv.0.bias'] = new Float32Array(2).fill(-1e3);
  const got = interpret({ outputs: { gradient } }, feeds);
  assert.ok(got.gradient.data.every(Number.isFinite));
});

test('the map has the size of the picture and is 0 where nothing differs', () => {
  const { b, s, x, y } = build();
  const map = lpipsMap(s, x, y, WIDTHS);
  assert.deepEqual(map.shape, [2, 1, 32, 40]);
  const feeds = randomFeeds([map, b.mean(map, 'all')]);
  const rng = namedRng(4, 'second item');
  const second = Float32Array.from(feeds.x);
  for (let i = second.length / 2; i < second.length; i++) second[i] += rng.normal();
  const got = interpret({ outputs: { map } }, { ...feeds, y: second });
  const half = got.map.data.length / 2;
  assert.ok(got.map.data.subarray(0, half).every((v) => v === 0));
  assert.ok(got.map.data.subarray(half).some((v) => v > 0));
});
