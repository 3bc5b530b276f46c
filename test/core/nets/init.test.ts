// Starting weights: PyTorch's bounds by fan-in, norms of one, chosen zeros, and independence of the order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { initialWeights } from '../../../src/core/nets/init.ts';
import { type ParameterTable, Scope } from '../../../src/core/nets/scope.ts';

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'conv.weight': [32, 4, 3, 3],
  'conv.bias': [32],
  'linear.weight': [40, 16],
  'linear.bias': [40],
  'norm.weight': [12],
  'norm.bias': [12],
  'token_embedding.weight': [50, 40],
  'time_embedding.linear_1.weight': [16, 25],
};

function table(names = Object.keys(SHAPES)): ParameterTable {
  const s = new Scope(new Builder());
  for (const name of names) s.param(name, SHAPES[name]);
  return s.table;
}

const make = (t: ParameterTable, zero?: (name: string) => boolean, seed = 0) =>
  initialWeights(t, (name) => namedRng(seed, name), zero);

test('kernels, matrices and their biases are uniform within 1 / sqrt(fan in)', () => {
  const weights = make(table());
  const bounds = {
    'conv.weight': 1 / 6,
    'conv.bias': 1 / 6,
    'linear.weight': 1 / 4,
    'linear.bias': 1 / 4,
    'time_embedding.linear_1.weight': 1 / 5,
  };
  for (const [name, bound] of Object.entries(bounds)) {
    const w = weights[name];
    const variance = w.reduce((sum, v) => sum + v * v, 0) / w.length;
    assert.ok(Math.max(...w) <= bound && Math.min(...w) >= -bound, `${name} leaves its bound`);
    assert.ok(Math.max(...w) > 0.8 * bound && Math.min(...w) < -0.8 * bound, `${name} does not reach it`);
    // Wide enough for the 32 numbers of the shortest.
    assert.ok(Math.abs(variance / (bound ** 2 / 3) - 1) < 0.5, `${name} is not uniform: ${variance}`);
  }
});

test('norms start as ones and zeros, embeddings as a narrow normal', () => {
  const weights = make(table());
  assert.deepEqual(weights['norm.weight'], new Float32Array(12).fill(1));
  assert.deepEqual(weights['norm.bias'], new Float32Array(12));
  const e = weights['token_embedding.weight'];
  const deviation = Math.sqrt(e.reduce((sum, v) => sum + v * v, 0) / e.length);
  assert.ok(Math.abs(deviation / 0.02 - 1) < 0.1, `${deviation}`);
  assert.ok(Math.max(...e.map(Math.abs)) > 0.05, 'a normal has tails');
});

test('chosen layers start at zero, weight and bias, the rest as without', () => {
  const weights = make(table(), (name) => name.startsWith('conv.'));
  const plain = make(table());
  for (const name of Object.keys(SHAPES)) {
    const expected = name.startsWith('conv.') ? new Float32Array(plain[name].length) : plain[name];
    assert.deepEqual(weights[name], expected, name);
  }
});

test('the same name and seed give the same numbers, whatever the order and whatever else there is', () => {
  const all = make(table());
  const names = ['linear.bias', 'token_embedding.weight', 'linear.weight'];
  const some = make(table(names));
  assert.deepEqual(Object.keys(some), names);
  for (const name of names) assert.deepEqual(some[name], all[name], name);
  assert.notDeepEqual(make(table(), undefined, 1)['conv.weight'], all['conv.weight']);
  assert.notDeepEqual(all['conv.weight'].slice(0, 40), all['linear.weight'].slice(0, 40));
});
