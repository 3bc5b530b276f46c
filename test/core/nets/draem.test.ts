// DRAEM: parameter counts at the reference's width, the release's sizes, detaching, norms with running statistics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { isTrained } from '../../../src/core/nets/batch-norm-layer.ts';
import { DRAEM_RELEASE, draem } from '../../../src/core/nets/draem.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { draemLoss } from '../../../src/core/recipes/draem/losses.ts';
import { countParameters } from './sizes.ts';

test('at width 8 the two networks have 272,019 and 446,162 parameters', () => {
  const b = new Builder();
  const s = new Scope(b);
  const { reconstruction, logits } = draem(
    s,
    b.input('x', [2, 3, 64, 96]),
    { reconstructive: 8, discriminative: 8 },
    'batch',
  );
  assert.deepEqual(
    [reconstruction.shape, logits.shape],
    [
      [2, 3, 64, 96],
      [2, 2, 64, 96],
    ],
  );
  const count = (net: string): number => countParameters(s.table, (n) => n.startsWith(net) && isTrained(n));
  assert.deepEqual([count('reconstructive.'), count('discriminative.')], [272_019, 446_162]);
});

test("the release's widths build for 256 px", () => {
  const b = new Builder();
  const { logits, running } = draem(new Scope(b), b.input('x', [1, 3, 256, 256]), DRAEM_RELEASE, 'batch');
  assert.deepEqual(logits.shape, [1, 2, 256, 256]);
  assert.equal(Object.keys(running).length, 98);
});

test('sizes that five halvings do not divide are refused', () => {
  const b = new Builder();
  const config = { reconstructive: 2, discriminative: 2 };
  assert.throws(() => draem(new Scope(b), b.input('x', [1, 3, 48, 64]), config, 'batch'), /48x64/);
});

test('detached, the defect map does not train the autoencoder', () => {
  for (const detach of [false, true]) {
    const b = new Builder();
    const s = new Scope(b);
    const picture = b.input('x', [1, 3, 32, 32]);
    const config = { reconstructive: 2, discriminative: 2 };
    const { reconstruction, logits } = draem(s, picture, config, 'running', { detach });
    const mask = b.input('mask', [1, 1, 32, 32]);
    const { terms } = draemLoss(b, { picture, reconstruction, logits, mask });
    const weight = s.table.get('reconstructive.fin_out.weight');
    assert.ok(weight);
    assert.equal(gradients(b, terms.focal, [weight])[0] === null, detach);
    assert.notEqual(gradients(b, terms.mse, [weight])[0], null);
  }
});
