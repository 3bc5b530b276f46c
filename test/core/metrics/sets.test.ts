// Metrics of sets of pictures: KID, inception score, IC-LPIPS; and the score of one picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { clusterByReference, icLpips } from '../../../src/core/metrics/ic-lpips.ts';
import { maxScore, pooledMaxScore } from '../../../src/core/metrics/image-score.ts';
import { inceptionScore } from '../../../src/core/metrics/inception-score.ts';
import { kid, mmdSquared } from '../../../src/core/metrics/kid.ts';

test('MMD of two points and one: by hand', () => {
  const x = { data: Float64Array.of(1, 0, 0, 1), width: 2 };
  const y = { data: Float64Array.of(1, 1), width: 2 };
  // k(x,x) = 1.5^3, k(x1,x2) = 1, k(x,y) = 1.5^3, k(y,y) = 8.
  assert.equal(mmdSquared(x, y, 'biased'), (2 * 3.375 + 2) / 4 + 8 - 2 * 3.375);
  assert.equal(mmdSquared(x, y, 'unbiased'), null);
});

test('KID is near 0 for two draws of one kind, and far from it for two kinds', () => {
  const rng = namedRng(1, 'kid');
  const draw = (shift: number) => ({
    data: rng.fillNormal(new Float32Array(60 * 8)).map((v) => v + shift),
    width: 8,
  });
  const [a, b, c] = [draw(0), draw(0), draw(1)];
  const same = kid(a, b, namedRng(2, 'subsets'), { subsets: 10, size: 30 });
  const other = kid(a, c, namedRng(2, 'subsets'), { subsets: 10, size: 30 });
  assert.ok(same && other && Math.abs(same.mean) < 0.3 && other.mean > 3 * Math.abs(same.mean));
  const one = { data: new Float32Array(8), width: 8 };
  assert.equal(kid(one, a, namedRng(2, 'subsets')), null);
});

test('inception score: one picture repeated is 1, k sure and different classes are k', () => {
  assert.equal(inceptionScore(Float32Array.of(3, 1, 3, 1, 3, 1), 2, 1)?.mean, 1);
  const sure = inceptionScore(Float32Array.of(900, 0, 0, 0, 900, 0, 0, 0, 900), 3, 1);
  assert.ok(sure && Math.abs(sure.mean - 3) < 1e-12);
  assert.equal(inceptionScore(Float32Array.of(1, 2), 2, 10), null);
});

test('IC-LPIPS: the cap drops later pictures, ties go to the first reference, lonely pictures score 0', () => {
  const toReference = [
    [0.1, 0.2],
    [0.3, 0.3],
    [0.1, 0.5],
    [0.9, 0.2],
  ];
  const clusters = clusterByReference(4, 2, (g, r) => toReference[g][r], 2);
  assert.deepEqual(clusters, [[0, 1], [3]]);
  const result = icLpips(clusters, (a, b) => a + 2 * b);
  assert.deepEqual(result, { scores: [1.5, 0], all: 0.75, nonzero: 1.5 });
  assert.deepEqual(
    icLpips([], () => 1),
    { scores: [], all: null, nonzero: null },
  );
});

test('scores of a picture: the largest pixel, and the largest window with zeros outside', () => {
  const rng = namedRng(3, 'map');
  for (const [width, height] of [
    [7, 5],
    [1, 9],
    [3, 2],
  ]) {
    const map = Float32Array.from({ length: width * height }, () => rng.uniform());
    assert.equal(maxScore(map), Math.max(...map));
    let top = -Infinity;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let v = y - 2; v <= y + 2; v++)
          for (let u = x - 2; u <= x + 2; u++)
            if (v >= 0 && v < height && u >= 0 && u < width) sum += map[v * width + u];
        top = Math.max(top, sum / 25);
      }
    }
    assert.ok(Math.abs(pooledMaxScore(map, width, height, 5) - top) < 1e-12);
  }
});
