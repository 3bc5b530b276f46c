// DRAEM's made-up anomalies: noise of the right grain, changes on the mask only.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { foreignDefect } from '../../../../src/core/recipes/procedural/foreign-defect.ts';
import { perlinNoise } from '../../../../src/core/recipes/procedural/perlin.ts';

const SIDE = 64;

test('Perlin noise is smooth, centred and of its cell size', () => {
  for (const cells of [2, 8]) {
    const noise = perlinNoise(SIDE, cells, cells, namedRng(0, `noise ${cells}`));
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    assert.ok(Math.abs(mean) < 0.25, `mean ${mean}`);
    assert.ok(noise.every((v) => Math.abs(v) <= 1.01));
    const step = Math.max(
      ...noise.slice(1).map((v, i) => ((i + 1) % SIDE === 0 ? 0 : Math.abs(v - noise[i]))),
    );
    assert.ok(step < (4 * cells) / SIDE, `neighbours differ by ${step}`);
    assert.ok(Math.max(...noise) - Math.min(...noise) > 0.5);
  }
});

test('a foreign defect changes the picture on its mask only, and is a function of its stream', () => {
  const good = new Float32Array(3 * SIDE * SIDE).fill(0.5);
  let changed = 0;
  for (let i = 0; i < 6; i++) {
    const draw = () => foreignDefect(good, SIDE, namedRng(i, 'foreign'));
    const { image, mask } = draw();
    assert.deepEqual(draw(), { image, mask });
    assert.ok(mask.includes(1));
    for (let k = 0; k < image.length; k++) {
      assert.ok(image[k] >= 0 && image[k] <= 1);
      if (mask[k % mask.length] === 0) assert.equal(image[k], 0.5);
      else if (Math.abs(image[k] - 0.5) > 0.02) changed++;
    }
  }
  assert.ok(changed > 1000);
  assert.ok(good.every((v) => v === 0.5));
});
