// AdamW against the paper's formulas written out for single numbers, with decay and clipping.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdamW, type AdamWOptions } from '../../../src/core/autodiff/adamw.ts';

const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) < 2e-6 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );

/** Loshchilov and Hutter 2019, algorithm 2, for one number; gradients as they are after clipping. */
function reference(
  start: number,
  gradients: readonly number[],
  rate: number,
  { b1, b2, eps, decay }: { b1: number; b2: number; eps: number; decay: number },
) {
  let [p, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    const t = i + 1;
    p -= rate * decay * p;
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g ** 2;
    const mHat = m / (1 - b1 ** t);
    const vHat = v / (1 - b2 ** t);
    p -= (rate * mHat) / (Math.sqrt(vHat) + eps);
  });
  return { p, m, v };
}

const START = { a: [1, -0.5], b: [2] };
/** Three steps; b gets no gradient in the second. */
const STEPS = [
  { a: [0.3, -4], b: [0] },
  { a: [-0.2, 0.01], b: undefined },
  { a: [2, 0], b: [1.5] },
];
const RATES = { a: 0.1, b: 0.02 };

/** Runs the steps; returns optimiser, weights and the norms it told. */
function run(options: AdamWOptions) {
  const weights = { a: Float32Array.from(START.a), b: Float32Array.from(START.b) };
  const optimizer = new AdamW(weights, options);
  const norms = STEPS.map(({ a, b }) => {
    const gradients: Record<string, Float32Array> = { a: Float32Array.from(a) };
    if (b) gradients.b = Float32Array.from(b);
    return optimizer.step([gradients], (name) => RATES[name as 'a' | 'b']);
  });
  return { weights, optimizer, norms };
}

function compare(
  { weights, optimizer }: ReturnType<typeof run>,
  scale: (step: number) => number,
  numbers: Parameters<typeof reference>[3],
) {
  for (const [name, start] of Object.entries(START) as ['a' | 'b', number[]][])
    start.forEach((first, i) => {
      const gradients = STEPS.map((g, step) => (g[name]?.[i] ?? 0) * scale(step));
      const expected = reference(first, gradients, RATES[name], numbers);
      near(weights[name][i], expected.p, `${name}[${i}]`);
      near(optimizer.moments[name].m[i], expected.m, `first moment of ${name}[${i}]`);
      near(optimizer.moments[name].v[i], expected.v, `second moment of ${name}[${i}]`);
    });
}

test('three steps are those of the paper; a missing gradient counts as zero', () => {
  const result = run({ betas: [0.8, 0.95], eps: 1e-3, weightDecay: 0.2 });
  compare(result, () => 1, { b1: 0.8, b2: 0.95, eps: 1e-3, decay: 0.2 });
  assert.equal(result.optimizer.steps, 3);
});

test("options left out have PyTorch's defaults", () => {
  compare(run({}), () => 1, { b1: 0.9, b2: 0.999, eps: 1e-8, decay: 0.01 });
});

test('clipping scales all gradients together, and tells the norm from before', () => {
  const maxNorm = 1;
  const result = run({ maxNorm });
  const wanted = STEPS.map(({ a, b = [] }) => Math.hypot(...a, ...b));
  result.norms.forEach((norm, i) => {
    near(norm, wanted[i], `norm of step ${i}`);
  });
  assert.ok(wanted[0] > maxNorm && wanted[1] < maxNorm, 'one step to clip, one to leave alone');
  const scale = (step: number) => Math.min(1, maxNorm / (wanted[step] + 1e-6));
  compare(result, scale, { b1: 0.9, b2: 0.999, eps: 1e-8, decay: 0.01 });
});

test('decay reaches a weight that never had a gradient', () => {
  const weights = { w: Float32Array.of(4), other: Float32Array.of(1) };
  const optimizer = new AdamW(weights, { weightDecay: 0.5 });
  for (let i = 0; i < 3; i++) optimizer.step([{ other: Float32Array.of(1) }], () => 0.1);
  near(weights.w[0], 4 * 0.95 ** 3, 'w');
  assert.deepEqual([...optimizer.moments.w.m, ...optimizer.moments.w.v], [0, 0]);
});

test('a gradient of something else is neither used nor counted in the norm', () => {
  const optimizer = new AdamW({ w: Float32Array.of(1) });
  near(
    optimizer.step([{ w: Float32Array.of(3), stranger: Float32Array.of(400) }], () => 0),
    3,
    'norm',
  );
});

test('the norm is over all arrays; a gradient of the wrong length is our bug', () => {
  const arrays = { a: new Float32Array(2), empty: new Float32Array(0), b: new Float32Array(1) };
  const gradients = { a: Float32Array.of(3, 4), empty: new Float32Array(0), b: Float32Array.of(12) };
  assert.equal(
    new AdamW(arrays).step([gradients], () => 0),
    13,
  );
  const optimizer = new AdamW({ w: new Float32Array(2) });
  assert.throws(
    () => optimizer.step([{ w: new Float32Array(3) }], () => 0.1),
    /internal: gradient of w: 3 of 2/,
  );
});

test('parts of a batch count as their mean, over blocks and odd lengths', () => {
  const length = 20_001;
  const of = (f: (i: number) => number) => ({ w: Float32Array.from({ length }, (_, i) => f(i)) });
  const [whole, parted] = [of((i) => i / length), of((i) => i / length)];
  const options = { maxNorm: 0.5 };
  const one = new AdamW(whole, options);
  const two = new AdamW(parted, options);
  const gradient = (i: number) => Math.sin(i) / 8;
  const parts = [of((i) => gradient(i) + 1), of((i) => gradient(i) - 1)];
  const norm = one.step([of(gradient)], () => 0.1);
  near(
    two.step(parts, () => 0.1),
    norm,
    'norm',
  );
  for (let i = 0; i < length; i++) {
    const far = Math.abs(gradient(i)) > 1e-3;
    if (far) near(parted.w[i], whole.w[i], `weight ${i}`);
  }
});
