// The optimiser's passes divided over lanes give the numbers of one thread, bit for bit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdamW } from '../../../src/core/autodiff/adamw.ts';
import { sharesOf } from '../../../src/core/autodiff/parameter-passes.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { sharedFloats } from '../../../src/core/tensor/shared.ts';
import { compileLanes } from '../../../src/engine/runtime/lanes.ts';
import { LaneOptimizer } from '../../../src/engine/training/lane-optimizer.ts';

const SIZES = { 'conv.weight': 20_000, 'conv.bias': 7, 'norm.weight': 9000, unused: 33 };
const OPTIONS = { maxNorm: 0.5, weightDecay: 0.1 };

const arraysOf = (seed: number, without: readonly string[] = []) =>
  Object.fromEntries(
    Object.entries(SIZES)
      .filter(([name]) => !without.includes(name))
      .map(([name, size]) => [name, namedRng(seed, name).fillNormal(sharedFloats(size))]),
  );

test('three steps of two parts in two lanes equal those of one thread', async (t) => {
  const b = new Builder();
  const program = { outputs: { y: b.mul(b.input('x', [2]), 2) } };
  const lanes = await compileLanes(program, 2, { threads: 2 });
  t.after(() => lanes.release());
  const weights = [arraysOf(1), arraysOf(1)];
  const alone = new AdamW(weights[0], OPTIONS);
  const divided = new AdamW(weights[1], OPTIONS);
  const optimizer = new LaneOptimizer(divided, lanes);
  const rates = (name: string) => (name.startsWith('conv') ? 1e-2 : 3e-3);
  for (let step = 0; step < 3; step++) {
    const parts = () => [2, 3].map((part) => arraysOf(10 * step + part, ['unused']));
    const norm = alone.step(parts(), rates, 2);
    assert.equal(await optimizer.step(parts(), rates, 2), norm);
  }
  assert.deepEqual(weights[1], weights[0]);
  assert.deepEqual(divided.moments, alone.moments);
  assert.equal(divided.steps, 3);
});

test('shares hold every parameter once and are about equal', () => {
  const sizes = Array.from({ length: 50 }, (_, i) => ((i * 7919) % 97) + 1);
  const shares = sharesOf(sizes, 3);
  assert.deepEqual(
    shares.flat().sort((a, b) => a - b),
    sizes.map((_, i) => i),
  );
  const totals = shares.map((share) => share.reduce((n, i) => n + sizes[i], 0));
  assert.ok(Math.max(...totals) - Math.min(...totals) <= 97, `${totals}`);
});
