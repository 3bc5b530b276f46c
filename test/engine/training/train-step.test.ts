// The training step on a linear regression: it learns, reports, keeps what is frozen, and resumes without a trace.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { checkpointBytes, restoreCheckpoint } from '../../../src/engine/training/checkpoint-file.ts';
import { TrainStep } from '../../../src/engine/training/train-step.ts';

const ROWS = 16;
const TRUE_W = [1.5, -2, 0.5];
const TRUE_B = 0.75;
const OPTIONS = { weightDecay: 0, compile: { threads: 1 } };

/** y = x w + b + shift; `shift` is frozen, `seen` a running mean of the inputs. */
function program() {
  const b = new Builder();
  const [x, y] = [b.input('x', [ROWS, 3]), b.input('y', [ROWS, 1])];
  // Parameters are known by names of their own, not by those of the graph's inputs.
  const parameters = new Map([
    ['w', b.input('net/w', [3, 1])],
    ['b', b.input('net/b', [1])],
  ]);
  const { w, b: bias } = Object.fromEntries(parameters);
  const error = b.sub(b.add(b.add(b.matmul(x, w), bias), b.input('shift', [1])), y);
  const loss = b.mean(b.square(error), 'all');
  const seen = b.add(b.mul(b.input('seen', [3]), 0.9), b.mul(b.mean(x, [0]), 0.1));
  return { b, loss, terms: { worst: b.max(b.abs(error), 'all') }, parameters, state: { seen } };
}

function batch(step: number) {
  const x = namedRng(step, 'x').fillNormal(new Float32Array(ROWS * 3));
  const y = Float32Array.from({ length: ROWS }, (_, i) =>
    TRUE_W.reduce((sum, w, k) => sum + w * x[3 * i + k], TRUE_B),
  );
  return { x, y, shift: Float32Array.of(0), seen: Float32Array.of(1, 2, 3) };
}

const weightsAt = (value: number) => ({
  w: new Float32Array(3).fill(value),
  b: Float32Array.of(value),
});

async function create(t: TestContext, value = 0.1, options: object = {}) {
  const step = await TrainStep.create(program(), weightsAt(value), { ...OPTIONS, ...options });
  t.after(() => step.release());
  return step;
}

test('it learns the line', async (t) => {
  const step = await create(t);
  const losses: number[] = [];
  for (let i = 0; i < 150; i++) losses.push((await step.step(batch(i), () => (i < 100 ? 0.1 : 0.01))).loss);
  assert.ok(losses[0] > 2, `the first loss is ${losses[0]}`);
  assert.ok((losses.at(-1) as number) < 1e-3, `the last loss is ${losses.at(-1)}`);
  [...step.weights.w, ...step.weights.b].forEach((v, i) => {
    assert.ok(Math.abs(v - [...TRUE_W, TRUE_B][i]) < 0.02, `weight ${i} is ${v}`);
  });
  assert.equal(step.optimizer.steps, 150);
});

test('loss, terms, norm and state are those of the weights before the update', async (t) => {
  const step = await create(t);
  const { x, y, ...rest } = batch(3);
  const result = await step.step({ x, y, ...rest, shift: Float32Array.of(0.5) }, () => 0.1);
  const errors = Array.from(y, (v, i) => 0.1 * (x[3 * i] + x[3 * i + 1] + x[3 * i + 2]) + 0.6 - v);
  const mean = (values: number[]) => values.reduce((p, q) => p + q) / values.length;
  const near = (actual: number, expected: number, what: string) =>
    assert.ok(
      Math.abs(actual - expected) < 1e-5 * Math.max(1, expected),
      `${what}: ${actual}, not ${expected}`,
    );
  near(result.loss, mean(errors.map((e) => e * e)), 'loss');
  assert.deepEqual(Object.keys(result.terms), ['worst']);
  near(result.terms.worst, Math.max(...errors.map(Math.abs)), 'worst');
  const gradient = [0, 1, 2].map((k) => 2 * mean(errors.map((e, i) => e * x[3 * i + k])));
  near(result.gradNorm, Math.hypot(...gradient, 2 * mean(errors)), 'norm');
  assert.deepEqual(Object.keys(result.state), ['seen']);
  assert.equal(result.state.seen.length, 3);
  result.state.seen.forEach((v, k) => {
    const columns = Array.from({ length: ROWS }, (_, i) => x[3 * i + k]);
    near(v, 0.9 * (k + 1) + 0.1 * mean(columns), `seen ${k}`);
  });
  // Adam's first step has the size of the rate, against the gradient.
  [...gradient, 2 * mean(errors)].forEach((g, i) => {
    near([...step.weights.w, ...step.weights.b][i], 0.1 - 0.1 * Math.sign(g), `weight ${i}`);
  });
});

test('rates are per parameter; what the batch feeds stays frozen', async (t) => {
  const step = await create(t);
  const fed = batch(0);
  await step.step(fed, (name) => (name === 'w' ? 0.1 : 0));
  assert.deepEqual([...step.weights.b], [...weightsAt(0.1).b]);
  assert.ok(step.weights.w.every((v) => v !== Math.fround(0.1)));
  assert.deepEqual(fed, batch(0));
});

test('a parameter that the loss does not reach is left to the decay', async (t) => {
  const { parameters, ...rest } = program();
  const idle = rest.b.input('net/idle', [2]);
  const step = await TrainStep.create(
    { ...rest, parameters: new Map([...parameters, ['idle', idle]]) },
    { ...weightsAt(0.1), idle: Float32Array.of(4, -4) },
    { ...OPTIONS, weightDecay: 0.5 },
  );
  t.after(() => step.release());
  await step.step(batch(0), () => 0.1);
  step.weights.idle.forEach((v, i) => {
    assert.ok(Math.abs(v - [3.8, -3.8][i]) < 1e-6, `${v}`);
  });
});

test('resumed from a checkpoint it goes on bit for bit as if undisturbed', async (t) => {
  const options = { betas: [0.9, 0.99], maxNorm: 1, weightDecay: 0.01 } as const;
  const train = async (step: TrainStep, upTo: number) => {
    const results = [];
    while (step.optimizer.steps < upTo) {
      const i = step.optimizer.steps;
      results.push(await step.step(batch(i), () => 0.1 / (1 + i)));
    }
    return results;
  };
  const whole = await create(t, 0.1, options);
  const undisturbed = await train(whole, 8);
  const first = await create(t, 0.1, options);
  await train(first, 5);
  const bytes = checkpointBytes(first);
  const second = await create(t, -7, options);
  restoreCheckpoint(bytes, second);
  assert.equal(second.optimizer.steps, 5);
  assert.deepEqual(await train(second, 8), undisturbed.slice(5));
  assert.deepEqual(second.weights, whole.weights);
  assert.deepEqual(second.optimizer.moments, whole.optimizer.moments);
  assert.notDeepEqual(second.weights, first.weights);
});

test('micro-batches count as one batch: mean loss, mean gradient, one update', async (t) => {
  const [one, two, apart] = [await create(t), await create(t), await create(t)];
  const single = await one.step(batch(1), () => 0.1);
  const doubled = await two.step([batch(1), batch(1)], () => 0.1);
  assert.equal(doubled.loss, single.loss);
  assert.deepEqual([...two.weights.w, ...two.weights.b], [...one.weights.w, ...one.weights.b]);
  const losses = [await apart.step(batch(1), () => 0), await apart.step(batch(2), () => 0)].map(
    (r) => r.loss,
  );
  const both = await (await create(t)).step([batch(1), batch(2)], () => 0.1);
  assert.ok(Math.abs(both.loss - (losses[0] + losses[1]) / 2) < 1e-6);
  assert.equal(two.optimizer.steps, 1);
});

test('micro-batches in lanes give what they give one after the other', async (t) => {
  const compile = { threads: 3 };
  const [lanes, alone] = [await create(t, 0.1, { compile, parts: 3 }), await create(t)];
  assert.equal(lanes.lanes.count, 3);
  for (let i = 0; i < 4; i++) {
    const batches = [batch(4 * i), batch(4 * i + 1), batch(4 * i + 2)];
    const [side, row] = [await lanes.step(batches, () => 0.1), await alone.step(batches, () => 0.1)];
    assert.ok(Math.abs(side.loss - row.loss) < 1e-6);
  }
  assert.ok(lanes.weights.w.every((v, i) => Math.abs(v - alone.weights.w[i]) < 1e-5));
});
