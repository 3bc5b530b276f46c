// Rendered samples: the same for the same seed in any order, an exact mask, and equal pictures away from it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dilated, HALO, MAX_SHARE, MIN_SHARE, maskShare } from '../../../src/core/render/mask.ts';
import { composeSample, type RenderedSample, renderSample } from '../../../src/core/render/sample.ts';
import { PIXELS } from '../../../src/core/render/tools/field.ts';
import { defectPrompt, sizeWord } from '../../../src/core/render/words.ts';

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15999, 2 ** 40];
const samples = new Map<number, RenderedSample>(SEEDS.map((seed) => [seed, renderSample(seed)]));

test('the same seed gives the same bytes, in any order', () => {
  for (const seed of [7, 2 ** 40, 0, 12]) {
    const again = renderSample(seed);
    const first = samples.get(seed)!;
    assert.deepEqual(Buffer.from(again.normal.buffer), Buffer.from(first.normal.buffer));
    assert.deepEqual(Buffer.from(again.defect.buffer), Buffer.from(first.defect.buffer));
    assert.deepEqual(again.mask, first.mask);
    assert.deepEqual(again.words, first.words);
  }
  assert.notDeepEqual(samples.get(0)!.normal, samples.get(1)!.normal);
});

test('pictures are 0..1, masks binary and .15 to 30 % of the window, words tokens', () => {
  for (const [seed, s] of samples) {
    assert.equal(s.normal.length, 3 * PIXELS);
    for (const picture of [s.normal, s.defect])
      for (const v of picture) if (!(v >= 0 && v <= 1)) assert.fail(`seed ${seed}: value ${v}`);
    assert.ok(s.mask.every((v) => v === 0 || v === 1));
    const share = maskShare(s.mask);
    assert.ok(share >= MIN_SHARE && share <= MAX_SHARE, `seed ${seed}: share ${share}`);
    assert.equal(s.words.size, sizeWord(share));
    assert.ok(defectPrompt(s.words).every((id) => id > 0 && id < 55));
  }
});

function assertEqualOutside(near: Uint8Array, a: Float32Array, b: Float32Array, what: string): void {
  for (let i = 0; i < 3 * PIXELS; i++)
    if (near[i % PIXELS] === 0 && a[i] !== b[i])
      assert.fail(`${what}: pixel ${i % PIXELS}: ${a[i]} and ${b[i]}`);
}

test('before the camera both pictures are equal outside the halo', () => {
  for (const seed of SEEDS.slice(0, 8)) {
    const { scene, defect } = composeSample(seed);
    assertEqualOutside(dilated(defect.mask, HALO), scene.picture, defect.picture, `seed ${seed}`);
  }
});

test('after the camera they are equal beyond the reach of blur and JPEG blocks: the noise is the same draw', () => {
  // Blur of at most 1.3 px reaches 4 px, a 4:2:0 block 15 px.
  for (const [seed, s] of samples)
    assertEqualOutside(dilated(s.mask, HALO + 4 + 15), s.normal, s.defect, `seed ${seed}`);
});

test('inside the mask the pictures differ', () => {
  for (const [seed, s] of samples) {
    let change = 0;
    let area = 0;
    for (let i = 0; i < 3 * PIXELS; i++) {
      if (s.mask[i % PIXELS] === 0) continue;
      area++;
      change += Math.abs(s.normal[i] - s.defect[i]);
    }
    assert.ok(change / area > 0.008, `seed ${seed}: mean change ${change / area}`);
  }
});
