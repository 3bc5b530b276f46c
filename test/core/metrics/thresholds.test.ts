// Threshold metrics on small sets worked out by hand, and on random ones by trying every threshold.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { meanDefined, spread } from '../../../src/core/metrics/average.ts';
import { auroc, averagePrecision, bestIou, f1Max } from '../../../src/core/metrics/detection.ts';
import { iou, iouOf, overlapAt, pooledIou } from '../../../src/core/metrics/iou.ts';
import { aupro, rankRegions, walkPro } from '../../../src/core/metrics/pro.ts';
import { rankScores } from '../../../src/core/metrics/ranking.ts';

const near = (got: number | null, gold: number): void =>
  assert.ok(got !== null && Math.abs(got - gold) < 1e-12, `${got} is not ${gold}`);

test('tied scores are one step, whatever their order', () => {
  const scores = Float32Array.of(0.5, 0.5, 0.5, 0.2);
  for (const labels of [
    [1, 0, 0, 0],
    [0, 0, 1, 0],
  ]) {
    const ranking = rankScores([{ labels, scores }]);
    near(auroc(ranking), 2 / 3);
    near(averagePrecision(ranking), 1 / 3);
    assert.deepEqual(f1Max(ranking), { value: 0.5, threshold: 0.5 });
    assert.deepEqual(bestIou(ranking), { value: 1 / 3, threshold: 0.5 });
  }
});

test('random scores: every threshold tried one by one', () => {
  const rng = namedRng(5, 'thresholds');
  for (let round = 0; round < 20; round++) {
    const n = 30;
    const labels = Array.from({ length: n }, (_, i) => (i < 2 ? i : Number(rng.chance(0.3))));
    const scores = Float64Array.from({ length: n }, () => rng.int(12) / 3 - 2);
    const [first, second] = [
      { labels: labels.slice(0, 11), scores: scores.slice(0, 11) },
      { labels: labels.slice(11), scores: scores.slice(11) },
    ];
    const ranking = rankScores([first, second]);
    const pairs = labels.flatMap((p, i) =>
      p ? labels.flatMap((q, j) => (q ? [] : [(Math.sign(scores[i] - scores[j]) + 1) / 2])) : [],
    );
    near(auroc(ranking), pairs.reduce((a, b) => a + b, 0) / pairs.length);
    const at = (t: number) => {
      const { both, either } = overlapAt({ labels, scores }, t);
      const found = scores.filter((s) => s >= t).length;
      const positives = labels.filter((l) => l).length;
      return { iou: both / either, f1: (2 * both) / (found + positives) };
    };
    near(bestIou(ranking)?.value ?? null, Math.max(...[...scores].map((t) => at(t).iou)));
    near(f1Max(ranking)?.value ?? null, Math.max(...[...scores].map((t) => at(t).f1)));
    near(
      pooledIou([first, second], 0.5),
      iou(
        [...scores].map((s) => Number(s >= 0.5)),
        labels,
      ) ?? -1,
    );
  }
});

test('one kind only: undefined is null, and averages leave it out', () => {
  const good = rankScores([{ labels: [0, 0], scores: Float32Array.of(1, 2) }]);
  assert.deepEqual(
    [auroc(good), averagePrecision(good), f1Max(good), bestIou(good)],
    [null, null, null, null],
  );
  const bad = rankScores([{ labels: [1, 1], scores: Float32Array.of(1, 2) }]);
  assert.deepEqual([auroc(bad), averagePrecision(bad), f1Max(bad)?.value], [null, 1, 1]);
  assert.equal(iouOf(overlapAt({ labels: [0, 0], scores: Float32Array.of(0, 0) }, 0.5)), null);
  assert.equal(meanDefined([null, 1, 2, null]), 1.5);
  assert.equal(meanDefined([null]), null);
  assert.deepEqual(spread([1, 3]), { mean: 2, deviation: 1 });
  assert.equal(spread([]), null);
});

test('a score that is not a number is refused', () => {
  const scores = Float32Array.of(1, Number.NaN);
  assert.throws(() => rankScores([{ labels: [0, 1], scores }]), { code: 'runtime' });
  const mask = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
  assert.throws(() => rankRegions([{ mask, scores }]), { code: 'runtime' });
});

test('PRO: every region weighs the same, diagonal neighbours are one region', () => {
  const mask = { width: 4, height: 2, data: Uint8Array.of(1, 0, 0, 1, 0, 1, 0, 0) };
  const scores = Float32Array.of(0.9, 0.8, 0.1, 0.9, 0.1, 0.1, 0.1, 0.1);
  const ranking = rankRegions([{ mask, scores }]);
  assert.equal(ranking.regions, 2);
  const points: number[][] = [];
  walkPro(ranking, (fpr, pro) => points.push([fpr, pro]));
  assert.deepEqual(points, [
    [0, 0.75],
    [0.2, 0.75],
    [1, 1],
  ]);
  near(aupro(ranking, 0.1), 0.75);
  near(aupro(ranking, 1), 0.2 * 0.75 + (0.8 * 1.75) / 2);
});

test('AUPRO of random maps: every threshold tried one by one, negative scores and -0 included', () => {
  const rng = namedRng(7, 'aupro');
  for (let round = 0; round < 10; round++) {
    const [width, height] = [9, 7];
    const pictures = [0, 1].map(() => ({
      mask: { width, height, data: Uint8Array.from({ length: 63 }, () => Number(rng.chance(0.2))) },
      scores: Float32Array.from({ length: 63 }, () => (rng.int(7) - 3) * 0.25 * (rng.chance(0.5) ? 1 : -1)),
    }));
    const ranking = rankRegions(pictures);
    const limit = 0.3;
    near(aupro(ranking, limit), bruteForce(pictures, limit));
  }
});

/** Regions by flood fill, the curve by counting at every distinct score. */
function bruteForce(pictures: Parameters<typeof rankRegions>[0], limit: number): number {
  const regions = pictures.flatMap(({ mask, scores }) => {
    const left = new Set([...mask.data.keys()].filter((i) => mask.data[i]));
    const found: Float32Array[] = [];
    for (const start of left) {
      const region = [start];
      left.delete(start);
      for (const i of region) {
        for (const j of left) {
          const [dx, dy] = [
            (i % mask.width) - (j % mask.width),
            Math.floor(i / mask.width) - Math.floor(j / mask.width),
          ];
          if (Math.abs(dx) <= 1 && Math.abs(dy) <= 1) {
            left.delete(j);
            region.push(j);
          }
        }
      }
      found.push(Float32Array.from(region, (i) => scores[i]));
    }
    return found;
  });
  const good = pictures.flatMap(({ mask, scores }) => [...scores].filter((_, i) => !mask.data[i]));
  const thresholds = [...new Set(pictures.flatMap(({ scores }) => [...scores].map((s) => s + 0)))].sort(
    (a, b) => b - a,
  );
  let [area, before] = [0, [0, 0]];
  for (const t of thresholds) {
    const share = (values: ArrayLike<number>): number =>
      Array.from(values).filter((s) => s >= t).length / values.length;
    const point = [share(good), regions.reduce((sum, r) => sum + share(r), 0) / regions.length];
    const end = Math.min(point[0], limit);
    if (end > before[0]) {
      const at = before[1] + ((point[1] - before[1]) * (end - before[0])) / (point[0] - before[0]);
      area += ((end - before[0]) * (before[1] + at)) / 2;
    }
    before = point;
  }
  return area / limit;
}
