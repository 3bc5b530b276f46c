// The shared composites: gradients against central differences, and the details ports get wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { verify } from '../../../src/core/graph/verify.ts';
import * as f from '../../../src/core/nets/functional.ts';
import type { Shape } from '../../../src/core/tensor/shape.ts';
import { valuesFor } from '../graph/op-cases.ts';

interface Case {
  readonly name: string;
  readonly shapes: readonly Shape[];
  readonly range?: readonly [number, number];
  readonly build: (b: Builder, x: Value, y: Value, z: Value) => Value;
}

const image = [2, 2, 5, 4];
const CASES: readonly Case[] = [
  { name: 'leakyRelu', shapes: [[3, 5]], build: (b, x) => f.leakyRelu(b, x, 0.2) },
  { name: 'quickGelu', shapes: [[3, 5]], build: f.quickGelu },
  { name: 'geluTanh', shapes: [[3, 5]], range: [-6, 6], build: f.geluTanh },
  { name: 'geglu', shapes: [[3, 6]], build: f.geglu },
  { name: 'logSoftmax', shapes: [[2, 3, 4]], build: (b, x) => f.logSoftmax(b, x, 1) },
  { name: 'batchNorm', shapes: [image, [2], [2]], build: (b, x, w, bias) => f.batchNorm(b, x, w, bias).y },
  { name: 'mse', shapes: [[6], [6]], build: f.mse },
  { name: 'l1', shapes: [[6], [6]], build: f.l1 },
  {
    name: 'focalLoss',
    shapes: [[1, 2, 3, 3]],
    build: (b, x) => f.focalLoss(b, b.softmax(x, 1), b.constant([1, 0, 1, 0, 0.9, 1, 0, 0, 1], [1, 1, 3, 3])),
  },
  { name: 'variance', shapes: [[3, 5]], build: (b, x) => f.variance(b, x, [1], { correction: 1 }) },
  { name: 'l2Norm', shapes: [[3, 5]], build: (b, x) => f.l2Norm(b, x, [0]) },
  { name: 'logSumExp', shapes: [[3, 5]], build: (b, x) => f.logSumExp(b, x, [1]) },
  {
    name: 'cosineSimilarity',
    shapes: [
      [2, 5],
      [2, 5],
    ],
    build: (b, x, y) => f.cosineSimilarity(b, x, y, 1),
  },
  { name: 'minMaxNormalise', shapes: [[3, 5]], build: f.minMaxNormalise },
  {
    name: 'clipByGlobalNorm',
    shapes: [[4], [5]],
    build: (b, x, y) => b.concat([...f.clipByGlobalNorm(b, [x, y], 0.5).scaled], 0),
  },
  { name: 'bilinear up', shapes: [image], build: (b, x) => f.bilinear(b, x, [8, 7]) },
  {
    name: 'bilinear, corners',
    shapes: [image],
    build: (b, x) => f.bilinear(b, x, [3, 8], { alignCorners: true }),
  },
  { name: 'resizeNearest', shapes: [image], build: (b, x) => f.resizeNearest(b, x, [7, 3]) },
  {
    name: 'padReflect',
    shapes: [image],
    build: (b, x) =>
      f.padReflect(b, x, [
        [1, 2],
        [3, 0],
      ]),
  },
  {
    name: 'maxPool2d',
    shapes: [image],
    build: (b, x) => f.maxPool2d(b, x, { kernel: 3, stride: 2, pads: 1 }),
  },
  {
    name: 'avgPool2d',
    shapes: [image],
    build: (b, x) => f.avgPool2d(b, x, { kernel: 3, stride: 1, pads: 1 }),
  },
  {
    name: 'convTranspose2d',
    shapes: [[1, 2, 3, 3], [2, 3, 3, 3], [3]],
    build: (b, x, w, bias) => f.convTranspose2d(b, x, w, bias, { stride: 2, pads: 1, outputPadding: 1 }),
  },
  {
    name: 'ssim',
    shapes: [image, image],
    range: [0, 1],
    build: (b, x, y) => f.ssim(b, x, y, { window: 3, sigma: 1 }),
  },
];

const NAMES = ['x', 'y', 'z'];
for (const c of CASES) {
  test(`gradient of ${c.name}`, () => {
    const b = new Builder();
    const inputs = c.shapes.map((s, i) => b.input(NAMES[i], s));
    const value = c.build(b, inputs[0], inputs[1], inputs[2]);
    const upstream = valuesFor({ shape: value.shape, range: [-1, 1] }, 17) as Float32Array;
    const loss = b.sum(b.mul(value, b.constant(upstream, value.shape)), 'all');
    const grads = gradients(b, loss, inputs) as Value[];
    const program = { outputs: { loss, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) } };
    verify(program);
    const feeds = Object.fromEntries(
      c.shapes.map((shape, i) => [NAMES[i], Float64Array.from(valuesFor({ shape, range: c.range }, i))]),
    );
    const exact = interpret(program, feeds);
    const step = 1e-5;
    c.shapes.forEach((_, k) => {
      for (let i = 0; i < feeds[NAMES[k]].length; i++) {
        const at = (delta: number) => {
          const moved = Float64Array.from(feeds[NAMES[k]]);
          moved[i] += delta;
          return interpret({ outputs: { loss } }, { ...feeds, [NAMES[k]]: moved }).loss.data[0];
        };
        const measured = (at(step) - at(-step)) / (2 * step);
        const found = exact[`g${k}`].data[i];
        const error = Math.abs(measured - found) / Math.max(1, Math.abs(found));
        assert.ok(error < 1e-6, `${NAMES[k]}[${i}]: rule ${found}, differences ${measured}`);
      }
    });
  });
}

function numbers(build: (b: Builder) => Value): number[] {
  return [...interpret({ outputs: { v: build(new Builder()) } }, {}).v.data];
}
const near = (got: readonly number[], want: readonly number[]) => {
  assert.equal(got.length, want.length);
  got.forEach((v, i) => {
    assert.ok(Math.abs(v - want[i]) < 1e-6, `${got} instead of ${want}`);
  });
};

test('batchNorm: biased variance in the output, unbiased beside it', () => {
  const x = (b: Builder) => b.constant([1, 2, 3, 4], [4, 1]);
  const run = (b: Builder) => f.batchNorm(b, x(b), b.constant([1], [1]), b.constant([0], [1]), 0);
  near(
    numbers((b) => run(b).y),
    [-3, -1, 1, 3].map((v) => v / Math.sqrt(5)),
  );
  near(
    numbers((b) => run(b).mean),
    [2.5],
  );
  near(
    numbers((b) => run(b).variance),
    [5 / 3],
  );
});

test('batchNormEval uses the running statistics', () => {
  const y = numbers((b) =>
    f.batchNormEval(
      b,
      b.constant([1, 5], [1, 2]),
      b.constant([2, 1], [2]),
      b.constant([0, 10], [2]),
      { mean: b.constant([0, 4], [2]), variance: b.constant([4, 1], [2]) },
      0,
    ),
  );
  near(y, [1, 11]);
});

test('focal loss: only a mask of exactly 1 is anomaly', () => {
  const loss = (mask: number) =>
    numbers((b) => f.focalLoss(b, b.constant([0.8, 0.2], [1, 2, 1, 1]), b.constant([mask], [1, 1, 1, 1])))[0];
  const term = (p: number) => -((1 - p) ** 2) * Math.log(p);
  const s = 1e-5;
  const p = (own: number, other: number) => (1 - s) * own + s * other + s;
  near([loss(1), loss(0), loss(0.99)], [term(p(0.2, 0.8)), term(p(0.8, 0.2)), term(p(0.8, 0.2))]);
});

test('bilinear, both readings of the corners', () => {
  const row = (b: Builder) => b.constant([0, 1, 2], [1, 1, 1, 3]);
  near(
    numbers((b) => f.bilinear(b, row(b), [1, 6])),
    [0, 0.25, 0.75, 1.25, 1.75, 2],
  );
  near(
    numbers((b) => f.bilinear(b, row(b), [1, 5], { alignCorners: true })),
    [0, 0.5, 1, 1.5, 2],
  );
});

test('maxPool2d: the first of equal values gets the gradient, windows that do not fit are dropped', () => {
  const b = new Builder();
  const x = b.input('x', [1, 1, 2, 5]);
  const pooled = f.maxPool2x2(b, x);
  assert.deepEqual(pooled.shape, [1, 1, 1, 2]);
  const [g] = gradients(b, b.sum(pooled, 'all'), [x]) as Value[];
  const { g: found } = interpret({ outputs: { g } }, { x: [7, 7, 1, 2, 9, 7, 7, 2, 2, 9] });
  assert.deepEqual([...found.data], [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
});

test('avgPool2d counts padding unless told not to', () => {
  const x = (b: Builder) => b.constant([1, 1, 1, 1], [1, 1, 2, 2]);
  near([numbers((b) => f.avgPool2d(b, x(b), { kernel: 3, stride: 1, pads: 1 }))[0]], [4 / 9]);
  near([numbers((b) => f.avgPool2d(b, x(b), { kernel: 3, stride: 1, pads: 1, countPads: false }))[0]], [1]);
});
