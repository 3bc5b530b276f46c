// Sinusoids of the timestep: exact at large t, order of the halves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { sinusoids, timeFrequencies } from '../../../src/core/nets/time-embedding.ts';

function run(timesteps: number[], dim: number, flip: boolean): Float64Array {
  const b = new Builder();
  const out = sinusoids(new Scope(b), b.input('t', [timesteps.length]), dim, flip);
  return interpret({ outputs: { out } }, { t: timesteps }).out.data;
}

test('cos then sin of t times the frequencies', () => {
  const w = timeFrequencies(4, 0);
  assert.deepEqual(w[0], 1);
  const got = run([999, 12.5], 8, true);
  [999, 12.5].forEach((t, row) => {
    w.forEach((f, i) => {
      assert.ok(Math.abs(got[row * 8 + i] - Math.cos(t * f)) < 1e-6);
      assert.ok(Math.abs(got[row * 8 + 4 + i] - Math.sin(t * f)) < 1e-6);
    });
  });
});

test('without flipping the sines come first', () => {
  const [flipped, plain] = [run([7], 4, true), run([7], 4, false)];
  assert.deepEqual([...plain], [flipped[2], flipped[3], flipped[0], flipped[1]]);
});
