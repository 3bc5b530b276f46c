// Every surface, shape, tone and finish draws something finite and visible, whatever it meets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { drawDefect } from '../../../src/core/render/defect.ts';
import { FINISH_WORDS, FINISHES } from '../../../src/core/render/finishes/index.ts';
import { drawScene } from '../../../src/core/render/scene/scene.ts';
import { SHAPE_WORDS, SHAPES } from '../../../src/core/render/shapes/index.ts';
import { SURFACE_WORDS, SURFACES } from '../../../src/core/render/surfaces/index.ts';
import { TONE_WORDS, TONES } from '../../../src/core/render/tones.ts';
import { PIXELS } from '../../../src/core/render/tools/field.ts';

function assertUnitRange(values: Float32Array, what: string): void {
  for (const v of values) if (!(v >= 0 && v <= 1)) assert.fail(`${what}: value ${v}`);
}

for (const word of SURFACE_WORDS) {
  test(`surface ${word}: finite, textured, each seed another one`, () => {
    const means = [1, 2, 3].map((seed) => {
      const picture = SURFACES[word](namedRng(seed, word), 1);
      assert.equal(picture.length, 3 * PIXELS);
      assert.ok(picture.every(Number.isFinite));
      const mean = picture.reduce((a, b) => a + b) / picture.length;
      assert.ok(mean > 0 && mean < 1.1, `mean ${mean}`);
      assert.ok(picture.subarray(0, PIXELS).some((v) => Math.abs(v - picture[0]) > 0.004));
      return mean;
    });
    assert.notEqual(means[0], means[1]);
    assertUnitRange(drawScene(namedRng(4, word), word).picture, word);
  });
}

test('a scene is an object about once in three, and names its surface', () => {
  let objects = 0;
  for (let seed = 0; seed < 60; seed++) {
    const scene = drawScene(namedRng(seed, 'scene'), 'plastic');
    assert.equal(scene.surface, 'plastic');
    if (scene.silhouette === null) continue;
    objects++;
    assertUnitRange(scene.silhouette, 'silhouette');
    assertUnitRange(scene.ground!, 'ground');
  }
  assert.ok(objects >= 10 && objects <= 33, `${objects} of 60 at .35`);
});

for (const word of SHAPE_WORDS) {
  test(`shape ${word}: alpha 0..1, about its centre, gone at the far side`, () => {
    let drawn = 0;
    for (let seed = 0; seed < 4; seed++) {
      const alpha = SHAPES[word](namedRng(seed, word), 64, 64);
      assertUnitRange(alpha, word);
      drawn += alpha.reduce((a, b) => a + b);
      const far = [0, 127, PIXELS - 128, PIXELS - 1].filter((i) => alpha[i] > 0).length;
      assert.ok(far <= 1, `${word} reaches ${far} corners`);
    }
    assert.ok(drawn > 40, `${word} covers ${drawn} pixels in four draws`);
  });
}

test('tones are colours, and dark and bright stay on their side', () => {
  for (const word of TONE_WORDS)
    for (let seed = 0; seed < 20; seed++) {
      const rgb = TONES[word](namedRng(seed, word), [0.4, 0.5, 0.6]);
      assertUnitRange(Float32Array.from(rgb), word);
      if (word === 'dark') assert.ok(rgb[0] < 0.27 && rgb[2] < 0.4);
      if (word === 'bright') assert.ok(rgb[0] > 0.6 && rgb[2] > 0.73);
      if (word === 'red') assert.ok(rgb[0] > rgb[1] + 0.2 && rgb[0] > rgb[2] + 0.2);
    }
});

for (const word of FINISH_WORDS) {
  test(`finish ${word}: 0..1, visible, leaves its input alone`, () => {
    const scene = drawScene(namedRng(12, 'finish'), 'plastic');
    const before = scene.picture.slice();
    const { tones = TONE_WORDS } = FINISHES[word] as { tones?: typeof TONE_WORDS };
    for (const tone of tones) {
      const defect = drawDefect(namedRng(3, `${word}/${tone}`), scene, { finish: word, tone });
      assertUnitRange(defect.picture, `${word} ${tone}`);
      assert.equal(defect.words.finish, word);
      assert.equal(defect.words.tone, tone);
    }
    assert.deepEqual(scene.picture, before);
  });
}
