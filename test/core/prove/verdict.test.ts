// Intervals by the paired bootstrap, and the verdict both ways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import type { ProofArm } from '../../../src/core/domain/proof.ts';
import type { Mask } from '../../../src/core/image/raster.ts';
import { resample, summaryOf, type TestedCell } from '../../../src/core/prove/bootstrap.ts';
import { pooledMetrics, type ScoredTest } from '../../../src/core/prove/pooled-metrics.ts';
import { countScores } from '../../../src/core/prove/score-histogram.ts';
import { comparisonsOf, conclude, verdictSentence } from '../../../src/core/prove/verdict.ts';

const SIDE = 24;

/** A square defect on two of three pictures; `strength` is how far its scores stand out. */
function testsOf(name: string, strength: number): ScoredTest[] {
  return Array.from({ length: 18 }, (_, p) => {
    const rng = namedRng(1, `${name}/${p}`);
    const data = new Uint8Array(SIDE * SIDE);
    if (p % 3 !== 0) for (let y = 6; y < 14; y++) for (let x = 6; x < 14; x++) data[y * SIDE + x] = 1;
    const mask: Mask = { width: SIDE, height: SIDE, data };
    const scores = Float32Array.from(data, (v) => 1 / (1 + Math.exp(-(rng.normal() + strength * v - 2))));
    return {
      counts: countScores(scores, mask, { threshold: 0.5, scale: 'probability' }),
      isDefect: p % 3 !== 0,
      imageScore: Math.max(...scores),
    };
  });
}

/** `shared`: what makes a picture hard is the same for every arm. */
function cells(strengths: Partial<Record<ProofArm, number>>, shared = false): TestedCell[] {
  return Object.entries(strengths).flatMap(([arm, strength]) =>
    [0, 1, 2].map((seed) => {
      const tests = testsOf(`${shared ? 'all' : arm}/${seed}`, strength + 0.05 * seed);
      return { arm: arm as ProofArm, seed, tests, values: pooledMetrics(tests) };
    }),
  );
}

function conclusionOf(strengths: Partial<Record<ProofArm, number>>) {
  const all = cells(strengths);
  const resampled = resample(all, { replicates: 200, seed: 0 });
  return conclude(comparisonsOf(Object.keys(strengths) as ProofArm[], all, resampled));
}

test('a clear gain is called one, with its interval above 0', () => {
  const found = conclusionOf({ real: 2, 'real+paste': 2, 'real+windows': 4, 'real+blend': 3 });
  assert.equal(found.code, 'gain');
  assert.equal(found.arm, 'real+windows');
  assert.ok(found.points!.lo > 0 && found.points!.lo <= found.points!.mean);
  assert.match(
    verdictSentence(found),
    /^real\+windows against real only: \+\d+\.\d IoU points .*worth using$/,
  );
});

test('the same detector twice is no gain', () => {
  const found = conclusionOf({ real: 3, 'real+windows': 3 });
  assert.equal(found.code, 'no-gain');
  assert.ok(found.points!.lo <= 0 && found.points!.hi >= 0);
  assert.match(verdictSentence(found), /no gain shown$/);
});

test('harm is said', () => {
  const found = conclusionOf({ real: 4, 'real+windows': 2, 'real+blend': 1.8 });
  assert.equal(found.code, 'harm');
  assert.ok(found.points!.hi < 0);
  assert.match(verdictSentence(found), /does harm/);
});

test('a cheap rival that is better still is named', () => {
  const found = conclusionOf({ real: 1.5, 'real+paste': 5, 'real+windows': 3 });
  assert.equal(found.code, 'gain-not-over-rivals');
  assert.equal(found.rival, 'real+paste');
  assert.match(verdictSentence(found), /real\+paste is better still$/);
});

test('without a generated arm nothing is concluded', () => {
  assert.equal(conclusionOf({ real: 2, 'real+paste': 3 }).code, 'not-scored');
});

test('pairing cancels what pictures have in common: a difference is surer than its two ends', () => {
  const all = cells({ real: 2, 'real+windows': 2.6 }, true);
  const resampled = resample(all, { replicates: 300, seed: 0 });
  const [real, windows] = (['real', 'real+windows'] as const).map(
    (arm) => summaryOf(arm, all, resampled).iou,
  );
  const [difference] = comparisonsOf(['real', 'real+windows'], all, resampled);
  const width = (lo: number | null, hi: number | null) => hi! - lo!;
  const apart = 100 * Math.hypot(width(real.lo, real.hi), width(windows.lo, windows.hi));
  assert.ok(width(difference.points.lo, difference.points.hi) < 0.7 * apart);
  assert.deepEqual(
    real.seeds,
    [0, 1, 2].map((seed) => all.find((c) => c.arm === 'real' && c.seed === seed)!.values.iou),
  );
  assert.ok(real.lo! <= real.mean! && real.mean! <= real.hi!);
});

test('the same cells give the same intervals', () => {
  const all = cells({ real: 2, 'real+windows': 2.5 });
  const once = () => summaryOf('real+windows', all, resample(all, { replicates: 50, seed: 0 }));
  assert.deepEqual(once(), once());
});
