// Metrics out of counted score maps against the exact ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { auroc, averagePrecision, bestIou, f1Max } from '../../../src/core/metrics/detection.ts';
import { pooledIou } from '../../../src/core/metrics/iou.ts';
import { aupro, rankRegions } from '../../../src/core/metrics/pro.ts';
import { rankScores } from '../../../src/core/metrics/ranking.ts';
import { pooledMetrics, type ScoredTest } from '../../../src/core/prove/pooled-metrics.ts';
import { binOf, countScores, SCORE_BINS, scoreOfBin } from '../../../src/core/prove/score-histogram.ts';

const SIDE = 48;
const THRESHOLD = 0.4;

/** A blob or nothing, and scores that are higher on it. */
function picture(i: number): { mask: Mask; scores: Float32Array } {
  const rng = namedRng(3, `picture ${i}`);
  const data = new Uint8Array(SIDE * SIDE);
  for (let blob = 0; blob < (i % 4 === 3 ? 0 : 1 + (i % 2)); blob++) {
    const [cx, cy, r] = [rng.int(SIDE), rng.int(SIDE), 2 + rng.int(8)];
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) if ((x - cx) ** 2 + (y - cy) ** 2 < r * r) data[y * SIDE + x] = 1;
  }
  const scores = Float32Array.from(data, (v) => 1 / (1 + Math.exp(-(rng.normal() * 1.5 + 2 * v - 1))));
  return { mask: { width: SIDE, height: SIDE, data }, scores };
}

const pictures = Array.from({ length: 12 }, (_, i) => picture(i));
const tests = pictures.map(
  ({ mask, scores }): ScoredTest => ({
    counts: countScores(scores, mask, { threshold: THRESHOLD, scale: 'probability' }),
    isDefect: mask.data.includes(1),
    imageScore: scores.reduce((a, b) => Math.max(a, b)),
  }),
);
const pixels = pictures.map(({ mask, scores }) => ({ labels: mask.data, scores }));

test('bins rise with the score and know their lowest score', () => {
  for (const scale of ['probability', 'distance'] as const) {
    for (let bin = 900; bin < 1400; bin += 7)
      assert.equal(binOf(scoreOfBin(bin, scale) * (1 + 1e-9), scale), bin);
  }
  assert.equal(binOf(0, 'probability'), 0);
  assert.equal(binOf(1, 'probability'), SCORE_BINS - 1);
  assert.equal(binOf(Number.POSITIVE_INFINITY, 'distance'), SCORE_BINS - 1);
});

test('counted metrics are the exact ones but for the width of a bin', () => {
  const exact = rankScores(pixels);
  const found = pooledMetrics(tests);
  const near = (value: number | null, wanted: number | null | undefined, by = 2e-3) => {
    assert.ok(value !== null && wanted !== null && wanted !== undefined);
    assert.ok(Math.abs(value - wanted) < by, `${value} is not ${wanted}`);
  };
  near(found.iou, bestIou(exact)?.value);
  near(found.f1Max, f1Max(exact)?.value);
  near(found.pixelAp, averagePrecision(exact));
  near(found.pixelAuroc, auroc(exact), 1e-4);
  near(found.pro, aupro(rankRegions(pictures), 0.3));
  near(found.iouFixed, pooledIou(pixels, THRESHOLD), 1e-12);
  const own = pixels.filter((p) => p.labels.includes(1)).map((p) => bestIou(rankScores([p]))!.value);
  near(found.iouPerImageBest, own.reduce((a, b) => a + b, 0) / own.length, 5e-3);
  const whole = rankScores([
    { labels: tests.map((t) => Number(t.isDefect)), scores: Float64Array.from(tests, (t) => t.imageScore) },
  ]);
  near(found.imageAuroc, auroc(whole), 1e-12);
  near(found.imageAp, averagePrecision(whole), 1e-12);
});

test('a picture that counts twice is as good as the picture listed twice', () => {
  const times = tests.map((_, i) => (i === 2 ? 2 : i === 5 ? 0 : 1));
  const listed = [...tests.filter((_, i) => i !== 5), tests[2]];
  const [weighted, plain] = [pooledMetrics(tests, times), pooledMetrics(listed)];
  for (const [name, value] of Object.entries(weighted))
    assert.ok(Math.abs(value! - plain[name as keyof typeof plain]!) < 1e-9, name);
});

test('what is not defined is null', () => {
  const goods = tests.filter((t) => !t.isDefect);
  const { iou, pixelAp, pro, imageAuroc } = pooledMetrics(goods);
  assert.deepEqual([iou, pixelAp, pro, imageAuroc], [null, null, null, null]);
  const defects = pooledMetrics(tests.filter((t) => t.isDefect));
  assert.equal(defects.imageAuroc, null);
  assert.ok(defects.iou! > 0);
});

test('ignored pixels count nowhere', () => {
  const { mask, scores } = pictures[0];
  const ignored = { ...mask, data: mask.data.map((_, i) => (i % 2 === 0 ? 1 : 0)) };
  const counts = countScores(scores, mask, { threshold: THRESHOLD, scale: 'probability', ignored });
  const sum = (a: Float64Array) => a.reduce((x, y) => x + y, 0);
  assert.equal(sum(counts.defect) + sum(counts.good), (SIDE * SIDE) / 2);
});

test('a score that is no number is refused', () => {
  const { mask } = pictures[0];
  const scores = new Float32Array(SIDE * SIDE).fill(Number.NaN);
  assert.throws(() => countScores(scores, mask, { threshold: 0.5, scale: 'probability' }), {
    code: 'runtime',
  });
});
