// Moments in a file: the same weights, bit for bit, as with moments in memory.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AdamW } from '../../../src/core/autodiff/adamw.ts';
import { AppError } from '../../../src/core/base/errors.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { DiskAdamW } from '../../../src/engine/training/disk-adamw.ts';

const LENGTHS = { long: (1 << 20) + 13, short: 5, idle: 7 };
const draw = (name: string, names: readonly (keyof typeof LENGTHS)[]) =>
  Object.fromEntries(
    names.map((n) => [n, namedRng(1, `${name}/${n}`).fillNormal(new Float32Array(LENGTHS[n]))]),
  );
const weights = () => draw('weights', ['long', 'short', 'idle']);
const gradients = (step: number) => draw(`gradients ${step}`, ['long', 'short']);
const rates = (name: string) => (name === 'short' ? 0.1 : 0.01);

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-moments-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'moments');
}

for (const maxNorm of [Infinity, 1]) {
  test(`three steps, clipped at ${maxNorm}`, (t) => {
    const [inMemory, onDisk] = [weights(), weights()];
    const one = new AdamW(inMemory, { maxNorm });
    const two = new DiskAdamW(scratch(t), onDisk, { maxNorm });
    t.after(() => two.close());
    for (let step = 0; step < 3; step++) {
      const norm = one.step([gradients(step)], rates);
      assert.equal(two.step(gradients(step), rates), norm);
    }
    assert.deepEqual(onDisk, inMemory);
    assert.notDeepEqual(onDisk, weights());
  });
}

test('gradients may be let go of one by one', (t) => {
  const optimizer = new DiskAdamW(scratch(t), weights());
  t.after(() => optimizer.close());
  const done: string[] = [];
  optimizer.step(gradients(0), rates, (name) => done.push(name));
  assert.deepEqual(done, ['long', 'short', 'idle']);
});

test('a place that cannot be written to is named', () => {
  const path = join(tmpdir(), 'flawsmith-no-such-folder', 'moments');
  assert.throws(
    () => new DiskAdamW(path, weights()),
    (error) => error instanceof AppError && error.details.file === path,
  );
});
