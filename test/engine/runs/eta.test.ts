// The time left: from the recent rate, afresh in each phase.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EtaEstimator } from '../../../src/engine/runs/eta.ts';

test('a steady rate gives the exact time left', () => {
  const eta = new EtaEstimator();
  assert.equal(eta.secondsLeft('train', 0, 100, 0), null);
  assert.equal(eta.secondsLeft('train', 10, 100, 10_000), 90);
  assert.equal(eta.secondsLeft('train', 100, 100, 100_000), 0);
});

test('a slow first step is forgotten', () => {
  const eta = new EtaEstimator();
  eta.secondsLeft('train', 0, 1000, 0);
  let left: number | null = null;
  for (let i = 1; i <= 100; i++) left = eta.secondsLeft('train', i, 1000, 60_000 + i * 1000);
  assert.ok(left !== null && Math.abs(left - 900) < 20, `${left}`);
});

test('a new phase, or one that begins again, starts without an estimate', () => {
  const eta = new EtaEstimator();
  eta.secondsLeft('train', 0, 100, 0);
  eta.secondsLeft('train', 50, 100, 10_000);
  assert.equal(eta.secondsLeft('generate', 1, 60, 11_000), null);
  eta.secondsLeft('generate', 5, 60, 12_000);
  assert.equal(eta.secondsLeft('generate', 0, 60, 13_000), null);
});

test('an unknown total gives no estimate', () => {
  const eta = new EtaEstimator();
  eta.secondsLeft('read', 1, 0, 0);
  assert.equal(eta.secondsLeft('read', 100, 0, 10_000), null);
});
