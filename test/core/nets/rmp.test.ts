// The mask network: parameter count at full size, which features it takes, batch and running statistics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { RMP_STABLE_DIFFUSION, rmp, rmpInputs } from '../../../src/core/nets/rmp.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { countParameters, randomFeeds } from './sizes.ts';

const trainable = (name: string): boolean => !name.includes('.running_');

test('at full width it has 6,448,258 parameters', () => {
  const b = new Builder();
  const s = new Scope(b);
  const up = [
    [1280, 16],
    [1280, 32],
    [640, 64],
    [320, 64],
  ].map(([c, h], i) => b.input(`up${i}`, [4, c, h, h]));
  const decoder = [
    [512, 128],
    [512, 256],
    [256, 512],
    [128, 512],
  ].map(([c, h], i) => b.input(`v${i}`, [2, c, h, h]));
  const inputs = rmpInputs(up, decoder, 64);
  assert.deepEqual([inputs.f1, inputs.f2], [up[1], up[2]]);
  assert.deepEqual(inputs.decoder, decoder.slice(0, 3));
  const { fine, coarse } = rmp(s, inputs, RMP_STABLE_DIFFUSION, 'batch');
  assert.deepEqual(
    [fine.shape, coarse.shape],
    [
      [4, 2, 512, 512],
      [4, 2, 64, 64],
    ],
  );
  assert.equal(countParameters(s.table, trainable), 6_448_258);
  assert.equal(
    countParameters(s.table, (n) => n.startsWith('transformer.')),
    2_444_544,
  );
  assert.equal(
    countParameters(s.table, (n) => n.startsWith('mrm.2.') && trainable(n)),
    1_232_256,
  );
});

test('on the f = 4 pack it reads up_blocks 0 and 1 and refines once', () => {
  const b = new Builder();
  const up = [
    [144, 16],
    [96, 32],
    [48, 32],
  ].map(([c, h], i) => b.input(`up${i}`, [4, c, h, h]));
  const inputs = rmpInputs(up, [b.input('v', [2, 48, 64, 64])], 32);
  assert.deepEqual([inputs.f1, inputs.f2, inputs.decoder.length], [up[0], up[1], 1]);
  const { fine, coarse } = rmp(
    new Scope(b),
    inputs,
    { channels: [16, 8], heads: 2, groups: 8, layers: 1 },
    'batch',
  );
  assert.deepEqual(
    [fine.shape, coarse.shape],
    [
      [4, 2, 64, 64],
      [4, 2, 32, 32],
    ],
  );
});

test('one item in batch mode differs from running statistics; the head updates its own twice', () => {
  const config = { channels: [2, 2], heads: 2, groups: 2, layers: 1 } as const;
  const results = (['batch', 'running'] as const).map((mode) => {
    const b = new Builder();
    const inputs = {
      f1: b.input('f1', [1, 3, 2, 2]),
      f2: b.input('f2', [1, 3, 4, 4]),
      decoder: [b.input('v', [1, 3, 8, 8])],
    };
    const { fine, running } = rmp(new Scope(b), inputs, config, mode);
    const outputs = { fine, ...running };
    return interpret({ outputs }, randomFeeds(Object.values(outputs)));
  });
  const [batch, running] = results;
  assert.notDeepEqual([...batch.fine.data], [...running.fine.data]);
  for (let i = 0; i < 64; i++) assert.ok(Math.abs(batch.fine.data[i] + batch.fine.data[64 + i] - 1) < 1e-12);
  assert.ok(batch['head.0.running_var']);
  assert.equal(batch['mrm.0.conv6.bn.running_var'], undefined, 'conv6 is never called');
  assert.deepEqual(Object.keys(running), ['fine']);
});
