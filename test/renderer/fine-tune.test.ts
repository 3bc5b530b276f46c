// What the station Fine-tune works out itself: when a loss is flat, how long a run still takes, sizes in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatFor } from '../../src/renderer/stations/fine-tune/plateau.ts';
import { formatBytes } from '../../src/renderer/stations/fine-tune/sizes.ts';
import { timeLeft } from '../../src/renderer/stations/fine-tune/time-left.ts';

const curve = (count: number, loss: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ step: 10 * (i + 1), loss: loss(i) }));

test('a loss that falls is not called flat, one that only jumps is', () => {
  assert.equal(flatFor(curve(30, (i) => 2 - i / 30)), null);
  assert.equal(flatFor(curve(11, () => 1)), null, 'too early');
  assert.equal(flatFor(curve(30, (i) => 1 + 0.2 * (-1) ** i)), 190);
  assert.equal(flatFor(curve(30, (i) => 1 / (i + 1))), null);
});

test('time left: the present phase by its pace, the later ones as predicted', () => {
  const forecast = {
    seconds: 160,
    low: 130,
    high: 200,
    phases: [
      { phase: 'prepare', seconds: 10, low: 9, high: 12 },
      { phase: 'fine-tune', seconds: 100, low: 90, high: 120 },
      { phase: 'mask network', seconds: 50, low: 40, high: 60 },
    ],
  };
  const progress = { phase: 'fine-tune', done: 25, total: 100, etaSeconds: null, note: null };
  assert.deepEqual(timeLeft(forecast, progress), { seconds: 125, low: 107.5, high: 150 });
  const paced = timeLeft(forecast, { ...progress, etaSeconds: 200 })!;
  assert.equal(paced.seconds, 250);
  assert.ok(paced.low < 250 && paced.high > 250);
  assert.equal(timeLeft(null, progress), null);
  assert.equal(timeLeft(forecast, null), forecast);
  assert.equal(timeLeft(forecast, { ...progress, phase: 'mask network', done: 50 })!.seconds, 25);
});

test('bytes in words', () => {
  const words = [0, 999, 1e6, 1_234_567_890, 999.6e6, 25e9].map((n) => formatBytes(n, 'en'));
  assert.deepEqual(words, ['0 B', '999 B', '1.0 MB', '1.2 GB', '1.0 GB', '25 GB']);
  assert.equal(formatBytes(1.2e9, 'de'), '1,2 GB');
});
