// Low-rank adapters: which weights get them, that they start at nothing, and that merging them changes nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { verify } from '../../../src/core/graph/verify.ts';
import { initialAdapters, mergeAdapters, withAdapters } from '../../../src/core/recipes/adapters.ts';
import { randomFeeds } from '../nets/sizes.ts';

type Arrays = Record<string, Float32Array>;
const RANK = 2;
const NAMES = ['net/conv', 'net/narrow', 'net/linear', 'net/bias', 'text/table'];

/** A convolution, a product too narrow for the rank, a product, a bias, and a weight of another network. */
function base() {
  const b = new Builder();
  const h = b.tanh(b.conv2d(b.input('x', [2, 4, 3, 3]), b.input('net/conv', [6, 4, 2, 2]), null));
  const rows = b.mean(h, [2, 3]);
  const narrow = b.matmul(rows, b.input('net/narrow', [2, 6]), { transB: true });
  const wide = b.matmul(rows, b.input('net/linear', [3, 6]), { transB: true });
  const joined = b.concat([narrow, b.add(wide, b.input('net/bias', [3]))], 1);
  const y = b.matmul(joined, b.input('text/table', [5, 4]));
  return { b, outputs: { loss: b.mean(b.square(y), 'all'), y } };
}

function adapted() {
  const program = base();
  const feeds = randomFeeds(Object.values(program.outputs), 3);
  const weights: Arrays = Object.fromEntries(NAMES.map((n) => [n, feeds[n]]));
  return {
    program,
    feeds,
    weights,
    ...withAdapters(program.outputs, RANK, (name) => name.startsWith('net/')),
  };
}

/** Adapters away from their start. */
function someAdapters(adapters: ReadonlyMap<string, Value>): Arrays {
  return Object.fromEntries(
    [...adapters].map(([name, v]) => {
      const size = v.shape[0] * v.shape[1];
      return [
        name,
        namedRng(9, name)
          .fillNormal(new Float32Array(size))
          .map((x) => 0.3 * x),
      ];
    }),
  );
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string) {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < actual.length; i++)
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance,
      `${what} at ${i}: ${actual[i]}, not ${expected[i]}`,
    );
}

test('only wanted weights wide enough for the rank get adapters', () => {
  const { adapters, outputs } = adapted();
  const shapes = Object.fromEntries([...adapters].map(([name, v]) => [name, v.shape]));
  assert.deepEqual(shapes, {
    'net/conv.lora_up': [6, 2],
    'net/conv.lora_down': [2, 16],
    'net/linear.lora_up': [3, 2],
    'net/linear.lora_down': [2, 6],
  });
  verify({ outputs });
  const inputs = Object.keys(randomFeeds(Object.values(outputs))).toSorted();
  assert.deepEqual(inputs, ['x', ...NAMES, ...adapters.keys()].toSorted(), 'the frozen weights stay inputs');
});

test('the adapted program gives the numbers of the base program with merged weights', () => {
  const { program, outputs, adapters, feeds, weights } = adapted();
  const own = someAdapters(adapters);
  const merged: Arrays = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  mergeAdapters(merged, own, RANK);
  const before = interpret(program, feeds).y.data;
  const expected = interpret(program, { ...feeds, ...merged }).y.data;
  const actual = interpret({ outputs }, { ...feeds, ...own }).y.data;
  assertNear(actual, expected, 1e-6, 'y');
  assert.ok(
    before.some((v, i) => Math.abs(v - expected[i]) > 1e-3),
    'the adapters change the result',
  );
  for (const name of ['net/narrow', 'net/bias', 'text/table'])
    assert.deepEqual(merged[name], weights[name], `${name} has no adapter`);
});

test('training starts at the base model', () => {
  const { program, outputs, adapters, feeds, weights } = adapted();
  const start = initialAdapters(adapters, (name) => namedRng(1, name));
  assert.deepEqual(Object.keys(start).toSorted(), [...adapters.keys()].toSorted());
  assert.deepEqual(interpret({ outputs }, { ...feeds, ...start }).y.data, interpret(program, feeds).y.data);
  const merged: Arrays = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  mergeAdapters(merged, start, RANK);
  assert.deepEqual(merged, weights);
  const bounds = { 'net/conv.lora_down': 1 / 4, 'net/linear.lora_down': 1 / Math.sqrt(6) };
  for (const [name, bound] of Object.entries(bounds)) {
    const largest = Math.max(...start[name].map(Math.abs));
    assert.ok(largest <= bound && largest > bound / 2, `${name} reaches ${largest} of ${bound}`);
  }
});

test('an adapter starts the same whatever others there are', () => {
  const { adapters } = adapted();
  const all = initialAdapters(adapters, (name) => namedRng(1, name));
  const alone = initialAdapters(new Map([...adapters].reverse().slice(0, 2)), (name) => namedRng(1, name));
  for (const name of Object.keys(alone)) assert.deepEqual(alone[name], all[name], name);
});

/** a [m,k] b [k,n], either one transposed. */
function product(m: number, k: number, n: number, a: (i: number, j: number) => number, b: typeof a) {
  return Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += a(Math.floor(at / n), j) * b(j, at % n);
    return sum;
  });
}

test('the gradient of a weight reaches its adapters: up gets G down^T, down gets up^T G', () => {
  const { program, b, outputs, adapters, feeds, weights } = adapted();
  const own = someAdapters(adapters);
  const merged: Arrays = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  mergeAdapters(merged, own, RANK);
  const names = [...adapters.keys()];
  const grads = gradients(
    b,
    outputs.loss,
    names.map((n) => adapters.get(n) as Value),
  );
  const found: Record<string, Value> = {};
  names.forEach((name, i) => {
    assert.ok(grads[i], `${name} has no gradient`);
    found[name] = grads[i];
  });
  const results = interpret({ outputs: found }, { ...feeds, ...own });
  for (const [name, rows, cols] of [
    ['net/conv', 6, 16],
    ['net/linear', 3, 6],
  ] as const) {
    const shape = name === 'net/conv' ? [6, 4, 2, 2] : [3, 6];
    const [grad] = gradients(program.b, program.outputs.loss, [program.b.input(name, shape)]);
    assert.ok(grad);
    const full = interpret({ outputs: { grad } }, { ...feeds, ...merged }).grad.data;
    const [up, down] = [own[`${name}.lora_up`], own[`${name}.lora_down`]];
    const g = (o: number, i: number) => full[o * cols + i];
    const toUp = product(rows, cols, RANK, g, (i, r) => down[r * cols + i]);
    const toDown = product(RANK, rows, cols, (r, o) => up[o * RANK + r], g);
    assertNear(results[`${name}.lora_up`].data, toUp, 1e-6, `${name} up`);
    assertNear(results[`${name}.lora_down`].data, toDown, 1e-6, `${name} down`);
    assert.ok(
      toUp.some((v) => Math.abs(v) > 1e-4),
      'a gradient worth comparing',
    );
  }
});
