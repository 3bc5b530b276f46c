// Losses of the detectors: their values on small cases, weak boxes, and gradients against finite differences.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../../src/core/autodiff/gradients.ts';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import type { Value } from '../../../../src/core/graph/value.ts';
import { featureDistance, fusedSimilarity } from '../../../../src/core/nets/destseg.ts';
import { focalMap } from '../../../../src/core/nets/functional.ts';
import { weakFocalLoss } from '../../../../src/core/recipes/anogen/weak-focal.ts';
import { countedPixels } from '../../../../src/core/recipes/detector/counted-pixels.ts';
import { headLoss, studentLoss } from '../../../../src/core/recipes/detector/destseg-loss.ts';
import { segmentationLoss } from '../../../../src/core/recipes/detector/segmentation-loss.ts';

type Feeds = Record<string, Float32Array>;

const scalarOf = (value: Value, feeds: Feeds = {}) => interpret({ outputs: { value } }, feeds).value.data[0];

/** Central differences of a scalar by one entry of an input. */
function slope(loss: Value, feeds: Feeds, name: string, at: number, h = 1e-2): number {
  const moved = (by: number) => {
    const x = feeds[name].slice();
    x[at] += by;
    return scalarOf(loss, { ...feeds, [name]: x });
  };
  return (moved(h) - moved(-h)) / (2 * h);
}

function assertGradient(b: Builder, loss: Value, input: Value, feeds: Feeds, name: string): void {
  const [grad] = gradients(b, loss, [input]);
  assert.ok(grad);
  const { data } = interpret({ outputs: { grad } }, feeds).grad;
  for (const at of [0, 3, 7]) {
    const expected = slope(loss, feeds, name, at);
    assert.ok(Math.abs(data[at] - expected) < 2e-3 + 0.02 * Math.abs(expected), `${data[at]} ${expected}`);
  }
}

test('segmentation: sure and right costs next to nothing, sure and wrong costs most', () => {
  const b = new Builder();
  const mask = b.constant([1, 0, 0, 1], [1, 1, 2, 2]);
  const weak = b.fill(0, [1, 1, 1, 1]);
  const at = (logits: number[]) =>
    scalarOf(segmentationLoss(b, { logits: b.constant(logits, [1, 1, 2, 2]), mask, weak }).loss);
  assert.ok(at([20, -20, -20, 20]) < 1e-3);
  const unsure = at([0, 0, 0, 0]);
  // Ten times .25 ln 2, and Dice 1 - (2 + 1) / (4 + 1) with p = .5.
  assert.ok(Math.abs(unsure - (10 * 0.25 * Math.LN2 + 1 - 3 / 5)) < 1e-5, `${unsure}`);
  assert.ok(at([-20, 20, 20, -20]) > 100);
});

test('segmentation: its gradient is that of its values', () => {
  const b = new Builder();
  const logits = b.input('logits', [2, 1, 2, 2]);
  const rng = namedRng(0, 'logits');
  const feeds = { logits: Float32Array.from({ length: 8 }, () => 2 * rng.normal()) };
  const mask = b.constant([1, 0, 0, 1, 0, 0, 1, 1], [2, 1, 2, 2]);
  const weak = b.constant([0, 1], [2, 1, 1, 1]);
  const { loss } = segmentationLoss(b, { logits, mask, weak });
  assertGradient(b, loss, logits, feeds, 'logits');
});

test('a weak box costs nothing where it is surely good; exact masks and what lies outside cost as ever', () => {
  const b = new Builder();
  // Inside and sure, inside and suspect, outside and sure, outside and suspect.
  const defect = b.constant([0.05, 0.5, 0.05, 0.5, 0.05, 0.5, 0.05, 0.5], [2, 1, 1, 4]);
  const mask = b.constant([1, 1, 0, 0, 1, 1, 0, 0], [2, 1, 1, 4]);
  const weak = b.constant([1, 0], [2, 1, 1, 1]);
  const counts = countedPixels(b, { defect, mask, weak }, 0.1);
  assert.deepEqual([...interpret({ outputs: { counts } }, {}).counts.data], [0, 1, 1, 1, 1, 1, 1, 1]);
});

test('with every mask weak, the counted focal loss is the one of AnoGen', () => {
  const b = new Builder();
  const p1 = [0.05, 0.5, 0.05, 0.5];
  const probabilities = b.constant([...p1.map((p) => 1 - p), ...p1], [1, 2, 1, 4]);
  const mask = b.constant([1, 1, 0, 0], [1, 1, 1, 4]);
  const defect = b.narrow(probabilities, 1, 1, 1);
  const counts = countedPixels(b, { defect, mask, weak: b.fill(1, [1, 1, 1, 1]) }, 0.1);
  const own = b.mean(b.mul(focalMap(b, probabilities, mask), counts), 'all');
  assert.equal(scalarOf(own), scalarOf(weakFocalLoss(b, probabilities, mask)));
});

test('features: equal directions are at distance 0, opposite ones at 2; the fused map says the same', () => {
  const b = new Builder();
  const x = b.constant([3, 1, 4, 2], [1, 2, 1, 2]);
  const twice = b.mul(x, 2);
  const distance = (y: Value) => [...interpret({ outputs: { d: featureDistance(b, x, y) } }, {}).d.data];
  for (const d of distance(twice)) assert.ok(Math.abs(d) < 1e-6);
  for (const d of distance(b.neg(x))) assert.ok(Math.abs(d - 2) < 1e-6);
  const fused = interpret({ outputs: { f: fusedSimilarity(b, [x], [twice]) } }, {}).f;
  assert.deepEqual(fused.shape, [1, 2, 1, 2]);
  assert.ok(Math.abs(fused.data[0] + fused.data[2] - 1) < 1e-6);
});

test('student: cells whose clean look is unknown cost nothing', () => {
  const b = new Builder();
  const teacher = b.fill(1, [1, 2, 2, 2]);
  const student = b.constant([-1, 1, 1, 1, -1, 1, 1, 1], [1, 2, 2, 2]);
  const unknown = (at: number) =>
    b.constant(
      Array.from({ length: 16 }, (_, i) => (i === at ? 1 : 0)),
      [1, 1, 4, 4],
    );
  // Only the first cell disagrees: a distance of 2 in one of four cells.
  assert.ok(Math.abs(scalarOf(studentLoss(b, [student], [teacher], unknown(15))) - 0.5) < 1e-6);
  assert.ok(Math.abs(scalarOf(studentLoss(b, [student], [teacher], unknown(0)))) < 1e-6);
});

test('head: a cell is defect from a quarter of its pixels on', () => {
  const b = new Builder();
  const weak = b.fill(0, [1, 1, 1, 1]);
  const logits = b.constant([20, -20], [1, 1, 1, 2]);
  const mask = (first: number) =>
    b.constant(
      Array.from({ length: 32 }, (_, i) => (i % 8 < 4 && Math.floor(i / 8) * 4 + (i % 8) < first ? 1 : 0)),
      [1, 1, 4, 8],
    );
  assert.ok(scalarOf(headLoss(b, { logits, mask: mask(4), weak }, 0.1)) < 1e-3);
  assert.ok(scalarOf(headLoss(b, { logits, mask: mask(3), weak }, 0.1)) > 0.4);
});
