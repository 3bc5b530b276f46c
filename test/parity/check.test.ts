// The comparison itself: a check must not pass by accident (NaN, missing numbers, an area that throws).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClose, checkEqual, checkRelL2, checkRelMax, line, notRun } from './check.ts';

test('within and beyond the tolerance', () => {
  assert.equal(checkRelMax('a', 'n', [1, 2.00001], [1, 2], 1e-5).status, 'ok');
  assert.equal(checkRelMax('a', 'n', [1, 2.0001], [1, 2], 1e-5).status, 'fail');
  assert.equal(checkRelL2('a', 'n', [3, 4.0005], [3, 4], 1e-4).status, 'ok');
  assert.equal(checkClose('a', 'n', [1e-7, 1], [0, 1]).status, 'ok');
  assert.equal(checkClose('a', 'n', [1e-5, 1], [0, 1]).status, 'fail');
});

test('NaN and missing numbers fail', () => {
  assert.equal(checkRelMax('a', 'n', [NaN], [1], 1).status, 'fail');
  assert.equal(checkRelL2('a', 'n', [NaN], [1], 1).status, 'fail');
  assert.equal(checkClose('a', 'n', [NaN], [1]).status, 'fail');
  assert.equal(checkEqual('a', 'n', [1], [1, 2]).status, 'fail');
  assert.equal(checkEqual('a', 'n', [1, 2], [1]).status, 'fail');
});

test('lines', () => {
  const text = line(checkRelMax('samplers', 'x', [1.5], [1], 1e-5));
  assert.equal(text, 'samplers/x abs=5.00e-1 rel=5.00e-1 tol=relMax<=1e-5 FAIL');
  assert.equal(line(notRun('ops', 'all', 'why')), 'ops/all abs=- rel=- tol=- FAIL (not run: why)');
});
