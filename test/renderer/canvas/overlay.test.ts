// What the canvas shows of a mask, dot by dot, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { TileMask } from '../../../src/core/labels/tile-mask.ts';
import { Coverage } from '../../../src/renderer/canvas/coverage.ts';
import { paintOverlay, type ShownLayer } from '../../../src/renderer/canvas/overlay.ts';
import { dotsOf, fitView, held, panBy, toPicture, zoomAt } from '../../../src/renderer/canvas/view.ts';

const PICTURE = { width: 700, height: 600 };

function layerOf(tiles: TileMask, look: ShownLayer['look'] = 'fill'): ShownLayer {
  return { coverage: new Coverage(tiles), colour: [255, 0, 0], look, opacity: 0.5 };
}

const alpha = (word: number): number => word >>> 24;

test('eight times enlarged every pixel is a square of eight dots, outlined by one', () => {
  const tiles = new TileMask(PICTURE.width, PICTURE.height);
  tiles.fillSpan(256, 255, 256, 1);
  const box = { x: 0, y: 0, width: 40, height: 40 };
  const out = new Uint32Array(40 * 40);
  paintOverlay(out, box, { scale: 8, x: 253, y: 254 }, [layerOf(tiles)]);
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 40; x++) {
      const inside = x >= 16 && x < 24 && y >= 16 && y < 24;
      const rim = inside && (x === 16 || x === 23 || y === 16 || y === 23);
      assert.equal(alpha(out[y * 40 + x]), rim ? 255 : inside ? 128 : 0, `${x},${y}`);
    }
  }
});

test('a single pixel is seen at every scale', () => {
  const tiles = new TileMask(PICTURE.width, PICTURE.height);
  tiles.fillSpan(307, 401, 402, 1);
  for (const scale of [1, 0.5, 0.31, 0.25, 0.1, 0.05]) {
    const box = { x: 0, y: 0, width: Math.ceil(700 * scale), height: Math.ceil(600 * scale) };
    const out = new Uint32Array(box.width * box.height);
    paintOverlay(out, box, { scale, x: 0, y: 0 }, [layerOf(tiles)]);
    // Between two levels a version is sampled less often than it has values; exact halves always show it.
    if (Number.isInteger(Math.log2(scale)))
      assert.ok(
        out.some((word) => alpha(word) > 100),
        `at ${scale}`,
      );
  }
});

test('drawing part of the canvas gives what drawing all of it gives there', () => {
  const rng = namedRng(3, 'parts');
  const tiles = new TileMask(PICTURE.width, PICTURE.height);
  for (let i = 0; i < 300; i++) tiles.fillSpan(rng.int(600), rng.int(600), 100 + rng.int(600), i % 3 ? 1 : 0);
  for (const look of ['fill', 'outline', 'stripes', 'outside'] as const) {
    const layers = [layerOf(tiles, look)];
    for (const scale of [0.2, 0.9, 3.7]) {
      const view = { scale, x: 20.3, y: -11.2 };
      const whole = new Uint32Array(200 * 150);
      paintOverlay(whole, { x: 0, y: 0, width: 200, height: 150 }, view, layers);
      const box = { x: 37, y: 61, width: 55, height: 40 };
      const part = new Uint32Array(box.width * box.height);
      paintOverlay(part, box, view, layers);
      for (let y = 0; y < box.height; y++) {
        for (let x = 0; x < box.width; x++)
          assert.equal(part[y * box.width + x], whole[(box.y + y) * 200 + box.x + x], `${look} ${scale}`);
      }
    }
  }
});

test('smaller versions follow the mask', () => {
  const tiles = new TileMask(PICTURE.width, PICTURE.height);
  const coverage = new Coverage(tiles);
  tiles.fillSpan(0, 0, 8, 1);
  assert.equal(coverage.tile(0, 3)![0], 32, 'a row of eight');
  for (let y = 1; y < 8; y++) tiles.fillSpan(y, 0, 8, 1);
  coverage.changed({ x: 0, y: 1, width: 8, height: 7 });
  assert.equal(coverage.tile(0, 3)![0], 255);
  assert.equal(coverage.tile(1, 3), null);
});

test('views: zoom keeps the place under the pointer, fitting shows all, panning keeps some in sight', () => {
  const canvas = { width: 900, height: 500 };
  const fit = fitView(canvas, PICTURE);
  assert.deepEqual(dotsOf(fit, { x: 0, y: 0, ...PICTURE }, canvas, 0)!.height, 500);
  const before = toPicture(fit, 333, 222);
  const after = toPicture(zoomAt(fit, 7.5, 333, 222), 333, 222);
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9);
  const away = held(panBy(fit, 1e6, -1e6), canvas, PICTURE);
  assert.ok(dotsOf(away, { x: 0, y: 0, ...PICTURE }, canvas, 0) !== null);
});
