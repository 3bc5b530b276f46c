// Crops the autoencoder is trained on: every place and turn is drawn, and a crop holds the pixels it names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { type CropPlan, planCrop, writeCrop } from '../../../../src/core/recipes/pack/autoencoder-batch.ts';

const PLAN: CropPlan = {
  index: 0,
  defect: false,
  x: 1,
  y: 2,
  flipX: false,
  flipY: false,
  channels: [0, 1, 2],
};

/** [3,4,4] whose digits are channel, row, column. */
const PICTURE = Uint8Array.from({ length: 48 }, (_, i) => 100 * (i >> 4) + 10 * ((i >> 2) & 3) + (i & 3));

/** The 2x2 crop in digits again. */
function crop(plan: Partial<CropPlan>): number[] {
  const out = new Float32Array(12);
  writeCrop(PICTURE, { ...PLAN, ...plan }, 4, 2, out);
  return [...out].map((v) => Math.round((v + 1) * 127.5));
}

test('plans cover every place, turn and order of channels, and nothing outside', () => {
  const rng = namedRng(0, 'crops');
  const seen = new Map<string, Set<string>>();
  for (let i = 0; i < 4000; i++) {
    const plan = planCrop(rng, 7, 8, 5);
    for (const [key, value] of Object.entries(plan)) {
      const values = seen.get(key) ?? new Set();
      seen.set(key, values.add(String(value)));
    }
  }
  const sorted = Object.fromEntries([...seen].map(([key, values]) => [key, [...values].toSorted()]));
  const both = ['false', 'true'];
  assert.deepEqual(sorted, {
    index: ['0', '1', '2', '3', '4', '5', '6'],
    defect: both,
    x: ['0', '1', '2', '3'],
    y: ['0', '1', '2', '3'],
    flipX: both,
    flipY: both,
    channels: ['0,1,2', '0,2,1', '1,0,2', '1,2,0', '2,0,1', '2,1,0'],
  });
});

test('a crop holds its pixels, channel by channel', () => {
  assert.deepEqual(crop({}), [21, 22, 31, 32, 121, 122, 131, 132, 221, 222, 231, 232]);
  assert.deepEqual(crop({ x: 2, y: 0 }).slice(0, 4), [2, 3, 12, 13]);
});

test('turns mirror inside the crop, channels are exchanged', () => {
  assert.deepEqual(crop({ flipX: true }).slice(0, 4), [22, 21, 32, 31]);
  assert.deepEqual(crop({ flipY: true }).slice(0, 4), [31, 32, 21, 22]);
  assert.deepEqual(crop({ flipX: true, flipY: true }).slice(0, 4), [32, 31, 22, 21]);
  assert.deepEqual(crop({ channels: [2, 0, 1] }), [221, 222, 231, 232, 21, 22, 31, 32, 121, 122, 131, 132]);
});

test('0 to 255 becomes -1 to 1', () => {
  const out = new Float32Array(3);
  writeCrop(Uint8Array.of(0, 255, 51), { ...PLAN, x: 0, y: 0 }, 1, 1, out);
  assert.deepEqual([out[0], out[1]], [-1, 1]);
  assert.ok(Math.abs(out[2] + 0.6) < 1e-6);
});
