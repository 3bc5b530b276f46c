// The nearest low-rank form: exact where there is one, and the right loss where there is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { fitLowRank } from '../../../src/core/formats/low-rank-fit.ts';

function product(up: Float32Array, down: Float32Array, rank: number): Float32Array {
  const [rows, columns] = [up.length / rank, down.length / rank];
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += up[i * rank + r] * down[r * columns + j];
    return sum;
  });
}

test('a change of rank 3 is held by 3, and by 5', () => {
  const rng = namedRng(1, 'fit');
  const exact = product(
    rng.fillNormal(new Float32Array(20 * 3)),
    rng.fillNormal(new Float32Array(3 * 12)),
    3,
  );
  for (const rank of [3, 5]) {
    const { up, down, relativeError } = fitLowRank(exact, 20, rank, namedRng(0, 'start'));
    const worst = product(up, down, rank).reduce((m, v, i) => Math.max(m, Math.abs(v - exact[i])), 0);
    assert.ok(worst < 1e-5, `${worst}`);
    assert.ok(relativeError < 1e-6);
  }
});

test('of singular values 4, 2, 1 rank 1 loses sqrt(5 / 21)', () => {
  const diagonal = Float32Array.of(4, 0, 0, 0, 2, 0, 0, 0, 1);
  const { relativeError } = fitLowRank(diagonal, 3, 1, namedRng(0, 'start'));
  assert.ok(Math.abs(relativeError - Math.sqrt(5 / 21)) < 1e-4, `${relativeError}`);
});

test('no change at all stays none', () => {
  const { up, down, relativeError } = fitLowRank(new Float32Array(12), 3, 2, namedRng(0, 'start'));
  assert.ok(product(up, down, 2).every((v) => v === 0));
  assert.equal(relativeError, 0);
});
