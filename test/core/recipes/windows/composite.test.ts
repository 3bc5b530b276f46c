// Paste-back changes nothing outside the edit region, keeps depth and channels, and puts the window where it belongs.

import assert from 'node:assert/strict';
import test from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import type { Planes, Raster } from '../../../../src/core/image/raster.ts';
import { planes } from '../../../../src/core/image/raster.ts';
import { cropToPlanes } from '../../../../src/core/image/window-crop.ts';
import { countChanges } from '../../../../src/core/recipes/windows/checks.ts';
import { composite, editRegion } from '../../../../src/core/recipes/windows/composite.ts';
import { discMask } from './scene.ts';

function noisy(width: number, height: number, channels: 1 | 2 | 3 | 4, deep: boolean): Raster {
  const rng = namedRng(7, 'noisy');
  const n = width * height * channels;
  const data = deep ? new Uint16Array(n) : new Uint8Array(n);
  for (let i = 0; i < n; i++) data[i] = rng.int(deep ? 65536 : 256);
  return { width, height, channels, data };
}

function flat(size: number, r: number, g: number, b: number): Planes {
  const p = planes(3, size, size);
  p.data
    .fill(r, 0, size * size)
    .fill(g, size * size, 2 * size * size)
    .fill(b, 2 * size * size);
  return p;
}

const WINDOWS = [
  { x: 20, y: 10, width: 32, height: 32 },
  { x: -8, y: -5, width: 40, height: 40 },
  { x: 10, y: 6, width: 80, height: 80 },
  { x: -20, y: -30, width: 150, height: 150 },
  { x: 25, y: 12, width: 24, height: 24 },
];

for (const channels of [1, 2, 3, 4] as const) {
  for (const deep of [false, true]) {
    test(`bit-identical outside the edit region: ${channels} channels, ${deep ? 16 : 8} bit`, () => {
      const source = noisy(70, 60, channels, deep);
      const before = source.data.slice();
      for (const window of WINDOWS) {
        const mask = discMask(70, 60, 34, 24, 6);
        const out = composite(source, window, mask, flat(32, 1, 0.5, 0));
        assert.equal(out.channels, channels);
        assert.equal(out.data.constructor, source.data.constructor);
        const { outside, rim } = countChanges(source, out, mask);
        assert.equal(outside, 0);
        assert.ok(rim > 0);
        if (channels === 4)
          for (let i = 3; i < out.data.length; i += 4) assert.equal(out.data[i], source.data[i]);
        if (channels === 2)
          for (let i = 1; i < out.data.length; i += 2) assert.equal(out.data[i], source.data[i]);
      }
      assert.deepEqual(source.data, before);
    });
  }
}

test('inside the mask the window is what was generated; mono takes the mean', () => {
  const mask = discMask(70, 60, 34, 24, 6);
  const at = 24 * 70 + 34;
  const rgb = composite(noisy(70, 60, 3, false), WINDOWS[0], mask, flat(32, 1, 0.5, 0), { detail: 0 });
  assert.deepEqual([...rgb.data.subarray(at * 3, at * 3 + 3)], [255, 128, 0]);
  const mono = composite(noisy(70, 60, 1, true), WINDOWS[0], mask, flat(32, 1, 0.5, 0), { detail: 0 });
  assert.equal(mono.data[at], Math.round(65535 / 2));
  const twelve = composite(noisy(70, 60, 1, true), WINDOWS[0], mask, flat(32, 1, 1, 1), {
    detail: 0,
    white: 4095,
  });
  assert.equal(twelve.data[at], 4095);
});

test('a window that returns its input changes nothing, at any scale', () => {
  const source = noisy(70, 60, 3, false);
  const mask = discMask(70, 60, 34, 24, 9);
  for (const window of WINDOWS) {
    for (const size of [16, 32, 64]) {
      const same = cropToPlanes(source, window, size, size);
      assert.deepEqual(composite(source, window, mask, same).data, source.data);
    }
  }
});

test('at scale 1 the generated pixels land on their own places', () => {
  const source = noisy(70, 60, 3, false);
  const other = noisy(70, 60, 3, false);
  const window = WINDOWS[0];
  for (let i = 0; i < other.data.length; i++) other.data[i] = 255 - other.data[i];
  const mask = discMask(70, 60, 34, 24, 6);
  const out = composite(source, window, mask, cropToPlanes(other, window, 32, 32));
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0)
      for (let c = 0; c < 3; c++) assert.equal(out.data[i * 3 + c], other.data[i * 3 + c]);
  }
});

test('the edit region is the mask grown by at most 4 px, and less on request', () => {
  const mask = discMask(70, 60, 34, 24, 6);
  const source = noisy(70, 60, 3, false);
  assert.throws(() => composite(source, WINDOWS[0], mask, flat(32, 1, 1, 1), { growPx: 5 }), /at most 4/);
  const tight = composite(source, WINDOWS[0], mask, flat(32, 1, 0, 1), { growPx: 1 });
  const region = editRegion(mask, 1);
  for (let i = 0; i < region.data.length; i++) {
    if (region.data[i] === 0) assert.equal(tight.data[i * 3], source.data[i * 3]);
  }
});

test('an empty mask, or one off the window, returns an equal copy', () => {
  const source = noisy(70, 60, 3, false);
  for (const mask of [discMask(70, 60, 500, 500, 1), discMask(70, 60, 5, 55, 2)]) {
    const out = composite(source, WINDOWS[4], mask, flat(32, 1, 1, 1));
    assert.deepEqual(out.data, source.data);
    assert.notEqual(out.data, source.data);
  }
});
