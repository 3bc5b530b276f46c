// The JPEG stand-in: finer at higher quality, block-local, idempotent enough.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { jpegRoundTrip } from '../../../src/core/render/camera/jpeg.ts';
import { renderSample } from '../../../src/core/render/sample.ts';
import { PIXELS } from '../../../src/core/render/tools/field.ts';

function error(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2 / a.length;
  return Math.sqrt(sum);
}

test('error falls with quality and is small at 100', () => {
  const grey = namedRng(1, 'jpeg').fillNormal(new Float32Array(PIXELS));
  const picture = Float32Array.from({ length: 3 * PIXELS }, (_, i) => 0.5 + 0.05 * grey[i % PIXELS]);
  const errors = [55, 75, 95, 100].map((quality) => error(picture, jpegRoundTrip(picture.slice(), quality)));
  for (let i = 1; i < errors.length; i++) assert.ok(errors[i] < errors[i - 1], `errors ${errors}`);
  assert.ok(errors[3] < 0.004, `quality 100: ${errors[3]}`);
  assert.ok(errors[0] > 0.01, `quality 55: ${errors[0]}`);
});

test('values are 8 bit and a flat colour survives', () => {
  const flat = new Float32Array(3 * PIXELS);
  [0.2, 0.6, 0.4].forEach((v, c) => {
    flat.fill(v, c * PIXELS, (c + 1) * PIXELS);
  });
  const out = jpegRoundTrip(flat.slice(), 60);
  assert.ok(error(flat, out) < 0.012);
  for (const v of jpegRoundTrip(renderSample(3).normal, 80))
    assert.ok(Math.abs(255 * v - Math.round(255 * v)) < 1e-4);
});
