// AdamW as a graph over long vectors against the pass over typed arrays, through the interpreter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdamW } from '../../../src/core/autodiff/adamw.ts';
import {
  adamwProgram,
  addProgram,
  type FlatState,
  gradientName,
  newStateName,
  stateName,
  stepFeeds,
} from '../../../src/core/autodiff/adamw-program.ts';
import { flatVectors, fromFlat, toFlat } from '../../../src/core/autodiff/flat-parameters.ts';
import { updateEma } from '../../../src/core/autodiff/rates.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';

const SHAPES = new Map([
  ['a', [3, 5]],
  ['b', [7]],
  ['c', [2, 2]],
]);
const RATES: Record<string, number> = { a: 0.1, b: 0.02, c: 0.1 };
const GROUP = (name: string) => (name === 'b' ? 'slow' : 'fast');

function arrays(name: string, scale: number) {
  const rng = namedRng(3, name);
  return Object.fromEntries(
    [...SHAPES].map(([n, shape]) => {
      const data = rng.fillNormal(new Float32Array(shape.reduce((x, y) => x * y)));
      return [n, data.map((v) => v * scale)];
    }),
  );
}

for (const [what, maxNorm, scale] of [
  ['clipped', 1, 3],
  ['below the clip', 100, 0.1],
  ['never clipped', Infinity, 3],
] as const) {
  test(`the graph updates as the arrays do: ${what}`, () => {
    const options = { betas: [0.9, 0.99] as const, weightDecay: 0.1, maxNorm };
    const weights = arrays('weights', 1);
    const average = arrays('weights', 1);
    const vectors = flatVectors(SHAPES, GROUP);
    const lengths = vectors.map((v) => v.length);
    const program = adamwProgram(lengths, options, true);
    const state: Record<string, Float32Array> = {};
    vectors.forEach((vector, i) => {
      for (const name of ['weights', 'average']) state[`${name} ${i}`] = toFlat(vector, weights);
      for (const name of ['m', 'v']) state[`${name} ${i}`] = new Float32Array(vector.length);
    });
    const optimizer = new AdamW(weights, options);
    for (let step = 1; step <= 3; step++) {
      const parts = [arrays(`one ${step}`, scale), arrays(`other ${step}`, scale)];
      const sums: Record<string, Float32Array> = {};
      vectors.forEach((vector, i) => {
        const feeds = {
          [gradientName(i)]: toFlat(vector, parts[0]),
          [`more ${i}`]: toFlat(vector, parts[1]),
        };
        const { data } = interpret(addProgram(lengths), { ...zeros(lengths), ...feeds })[`sum ${i}`];
        sums[gradientName(i)] = Float32Array.from(data);
      });
      const numbers = {
        rates: vectors.map((v) => RATES[v.parts[0].name]),
        step,
        gradientScale: 0.5,
        averageDecay: 0.6,
      };
      const results = interpret(program, { ...state, ...sums, ...stepFeeds(numbers, options) });
      const norm = optimizer.step(parts, (name) => RATES[name]);
      updateEma(average, weights, 0.6);
      assert.ok(
        Math.abs(results.norm.data[0] / norm - 1) < 1e-5,
        `norm ${results.norm.data[0]}, not ${norm}`,
      );
      for (const name of Object.keys(state))
        state[name] = Float32Array.from(results[newStateName(name)].data);
    }
    const expected: Record<FlatState, Readonly<Record<string, Float32Array>>> = {
      weights,
      average,
      m: Object.fromEntries(Object.entries(optimizer.moments).map(([n, { m }]) => [n, m])),
      v: Object.fromEntries(Object.entries(optimizer.moments).map(([n, { v }]) => [n, v])),
    };
    for (const [name, want] of Object.entries(expected)) {
      const got = Object.fromEntries(Object.entries(want).map(([n, w]) => [n, new Float32Array(w.length)]));
      vectors.forEach((vector, i) => {
        fromFlat(vector, state[stateName(name as FlatState, i)], got);
      });
      for (const [n, values] of Object.entries(want))
        values.forEach((v, i) => {
          assert.ok(Math.abs(got[n][i] - v) < 1e-5, `${name} ${n}[${i}]: ${got[n][i]}, not ${v}`);
        });
    }
  });
}

function zeros(lengths: readonly number[]): Record<string, Float32Array> {
  return Object.fromEntries(
    lengths.flatMap((n, i) => [gradientName(i), `more ${i}`].map((name) => [name, new Float32Array(n)])),
  );
}
