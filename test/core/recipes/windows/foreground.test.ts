// The product is found on a plain ground, textures count as all product, shadows and single doubtful pictures do not mislead.

import assert from 'node:assert/strict';
import test from 'node:test';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { blurPlane } from '../../../../src/core/image/blur.ts';
import type { Mask, Raster } from '../../../../src/core/image/raster.ts';
import { maskArea } from '../../../../src/core/image/raster.ts';
import { estimateForeground, productKind } from '../../../../src/core/recipes/windows/foreground.ts';
import { discMask, paint, product, surface } from './scene.ts';

function iou(a: Mask, b: Mask): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i] & b.data[i];
    either += a.data[i] | b.data[i];
  }
  return both / either;
}

function texture(seed: number, sigma: number): Raster {
  const rng = namedRng(seed, 'texture');
  const soft = blurPlane(rng.fillNormal(new Float32Array(128 * 128)), 128, 128, sigma);
  const data = new Uint8Array(128 * 128 * 3);
  for (let i = 0; i < data.length; i++)
    data[i] = Math.max(0, Math.min(255, 120 + 60 * sigma * soft[Math.floor(i / 3)]));
  return { width: 128, height: 128, channels: 3, data };
}

test('a product on a plain ground is found, also dark on light, mono and 16 bit', () => {
  const { raster, outline } = product(1);
  const found = estimateForeground(raster);
  assert.equal(found.verdict, 'object');
  assert.ok(iou(found.mask, outline) > 0.95);

  const dark = paint(surface(256, 256, [210, 212, 208]), outline, [40, 42, 45]);
  assert.ok(iou(estimateForeground(dark).mask, outline) > 0.95);

  const grey = paint(surface(256, 256, [40]), outline, [170]);
  const deep: Raster = { ...grey, data: Uint16Array.from(grey.data, (v) => v * 257) };
  assert.ok(iou(estimateForeground(deep).mask, outline) > 0.95);
});

test('uneven light, holes in the product and a bright strip at the frame do no harm', () => {
  const { raster, outline } = product(2);
  paint(raster, discMask(256, 256, 120, 130, 12), [60, 60, 62]);
  for (let i = 0; i < 256 * 256; i++) {
    const gain = 0.75 + (0.5 * (i % 256)) / 256;
    for (let c = 0; c < 3; c++) raster.data[i * 3 + c] = Math.min(255, raster.data[i * 3 + c] * gain);
    if (i < 256 * 4) raster.data.set([230, 235, 240], i * 3);
  }
  assert.ok(iou(estimateForeground(raster).mask, outline) > 0.93);
});

test('the shadow on a coloured ground is left out', () => {
  const outline = discMask(256, 256, 120, 120, 60);
  const raster = paint(surface(256, 256, [220, 205, 60]), discMask(256, 256, 150, 140, 62), [150, 140, 41]);
  paint(raster, outline, [215, 200, 170]);
  assert.ok(iou(estimateForeground(raster).mask, outline) > 0.9);
});

test('textures and plain surfaces are all product, whatever their grain', () => {
  for (const sigma of [0.7, 2, 5, 9]) {
    const goods = Array.from({ length: 5 }, (_, i) => texture(i, sigma));
    assert.equal(productKind(goods), 'surface', `sigma ${sigma}`);
    assert.equal(maskArea(estimateForeground(goods[0], 'surface').mask), 128 * 128);
  }
  assert.equal(productKind([surface(200, 100)]), 'surface');
  assert.equal(
    productKind([{ width: 20, height: 20, channels: 1, data: new Uint8Array(400).fill(9) }]),
    'surface',
  );
});

test('a dark stain on a plain surface does not turn the product into an object', () => {
  const goods = [1, 2, 3].map((seed) => surface(128, 128, [120, 130, 110], 3, seed));
  assert.equal(productKind(goods), 'surface');
  const { raster } = product(3);
  assert.equal(productKind([raster, product(4).raster, goods[0]]), 'object');
});
