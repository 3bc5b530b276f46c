// Defects on a user's window: exact outside the rim, on the object only, repeatable.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { drawDefectOn } from '../../../src/core/render/draw-on.ts';
import { dilated, MAX_SHARE, MIN_SHARE, maskShare } from '../../../src/core/render/mask.ts';
import { renderSample } from '../../../src/core/render/sample.ts';
import { PIXELS, SIDE } from '../../../src/core/render/tools/field.ts';

const { normal } = renderSample(5);
const SQUARE = Uint8Array.from({ length: PIXELS }, (_, i) => {
  const x = i % SIDE;
  const y = Math.floor(i / SIDE);
  return x >= 20 && x < 100 && y >= 30 && y < 110 ? 1 : 0;
});

test('pixels more than 3 px from the mask keep their bytes, and the window is not changed', () => {
  const before = normal.slice();
  for (let seed = 0; seed < 12; seed++) {
    const drawn = drawDefectOn(normal, namedRng(seed, 'on'));
    const near = dilated(drawn.mask, 3);
    for (let i = 0; i < 3 * PIXELS; i++)
      if (near[i % PIXELS] === 0) assert.equal(drawn.image[i], normal[i]);
      else if (!(drawn.image[i] >= 0 && drawn.image[i] <= 1)) assert.fail(`value ${drawn.image[i]}`);
    const share = maskShare(drawn.mask);
    assert.ok(share >= MIN_SHARE && share <= MAX_SHARE);
    assert.deepEqual(drawDefectOn(normal, namedRng(seed, 'on')).image, drawn.image);
  }
  assert.deepEqual(normal, before);
});

test('with a foreground the defect stays near it; a gap that is a hole may break out', () => {
  // Shading and blurred alphas reach a few pixels over the cut edge.
  const allowed = dilated(SQUARE, 6);
  for (let seed = 0; seed < 12; seed++) {
    const { mask, words } = drawDefectOn(normal, namedRng(seed, 'square'), SQUARE);
    if (words.shape === 'gap' && words.finish === 'hole') continue;
    for (let i = 0; i < PIXELS; i++)
      assert.ok(mask[i] <= allowed[i], `${words.shape} ${words.finish}: pixel ${i}`);
  }
});

test('wanted words are kept', () => {
  const { words } = drawDefectOn(normal, namedRng(1, 'wanted'), undefined, {
    shape: 'scratch',
    finish: 'flat',
    tone: 'red',
  });
  assert.deepEqual([words.shape, words.finish, words.tone], ['scratch', 'flat', 'red']);
});

test('a foreground of a few pixels still gets a visible defect', () => {
  const corner = new Uint8Array(PIXELS);
  for (let i = 0; i < 5; i++) corner[i] = 1;
  const { mask } = drawDefectOn(normal, namedRng(2, 'corner'), corner);
  assert.ok(maskShare(mask) >= MIN_SHARE);
});
