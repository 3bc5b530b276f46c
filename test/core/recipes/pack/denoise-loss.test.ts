// The denoising graph of a window pack: what it is fed, what reaches what, and the weighted error.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import type { Value } from '../../../../src/core/graph/value.ts';
import { TOKEN_TABLE } from '../../../../src/core/nets/clip-text-model.ts';
import { Scope } from '../../../../src/core/nets/scope.ts';
import { denoise, denoiseInputs, weightedError } from '../../../../src/core/recipes/pack/denoise-loss.ts';
import { randomFeeds } from '../../nets/sizes.ts';
import { TINY_LATENT, TINY_NETWORKS, TINY_TOKENS, TINY_VOCABULARY } from '../tiny-networks.ts';

function network(n: number) {
  const b = new Builder();
  const inputs = denoiseInputs(b, n, TINY_NETWORKS.unet, TINY_LATENT, TINY_TOKENS);
  const scopes = { unet: new Scope(b, 'unet/'), text: new Scope(b, 'text/') };
  return { b, inputs, scopes, sample: denoise(scopes.unet, scopes.text, inputs, TINY_NETWORKS).sample };
}

function feedsOf(
  sample: Value,
  ids: number[],
  timestep: number[],
): Record<string, Float32Array | Int32Array> {
  return {
    ...randomFeeds([sample], 5),
    ids: Int32Array.from(ids),
    timestep: Float32Array.from(timestep),
  };
}

test('inputs are sample, timestep and whole-number ids; the token table has the added rows', () => {
  const { inputs, scopes, sample } = network(2);
  assert.deepEqual(
    Object.values(inputs).map((v: Value) => [v.attrs.name, v.dtype, v.shape]),
    [
      ['sample', 'float32', [2, 24, 8, 8]],
      ['timestep', 'float32', [2]],
      ['ids', 'int32', [2, 4]],
    ],
  );
  assert.deepEqual(sample.shape, [2, 4, 8, 8]);
  assert.deepEqual(scopes.text.table.get(TOKEN_TABLE)?.shape, [TINY_VOCABULARY, 6]);
  const names = Object.keys(randomFeeds([sample]));
  assert.ok(names.includes(`text/${TOKEN_TABLE}`) && names.includes('unet/conv_in.weight'));
});

test('words, noise level and condition channels of a window change its prediction and no other', () => {
  const { sample } = network(2);
  const feeds = feedsOf(sample, [1, 5, 2, 3, 1, 5, 2, 3], [300, 300]);
  const half = 4 * TINY_LATENT ** 2;
  const predict = (changed: object) =>
    interpret({ outputs: { sample } }, { ...feeds, ...changed }).sample.data;
  const before = predict({});
  const condition = feeds.sample.slice();
  // The last mask channel of the second window.
  condition.fill(1, condition.length - TINY_LATENT ** 2);
  for (const [what, change] of Object.entries({
    word: { ids: Int32Array.of(1, 5, 2, 3, 1, 6, 2, 3) },
    level: { timestep: Float32Array.of(300, 600) },
    mask: { sample: condition },
  })) {
    const after = predict(change);
    assert.deepEqual(after.slice(0, half), before.slice(0, half), `${what} reaches the other window`);
    assert.ok(
      after.slice(half).some((v, i) => Math.abs(v - before[half + i]) > 1e-6),
      `${what} changes nothing`,
    );
  }
});

test('the error is the mean of weight times squared difference, over all channels', () => {
  const b = new Builder();
  const prediction = b.constant([1, 2, 3, 4], [1, 2, 1, 2]);
  const target = b.constant([0, 2, 1, 1], [1, 2, 1, 2]);
  const weight = b.constant([0.5, 2], [1, 1, 1, 2]);
  const error = weightedError(b, prediction, target, weight);
  // (0.5 1 + 2 0 + 0.5 4 + 2 9) / 4
  assert.deepEqual([...interpret({ outputs: { error } }, {}).error.data], [5.125]);
});

test('the loss reaches the token table, but only rows of words that are there', () => {
  const { b, scopes, sample } = network(1);
  const loss = weightedError(b, sample, b.input('target', sample.shape), b.fill(1, [1, 1, 8, 8]));
  const table = scopes.text.table.get(TOKEN_TABLE) as Value;
  const [grad] = gradients(b, loss, [table]);
  assert.ok(grad);
  const feeds = { ...randomFeeds([loss], 2), ids: Int32Array.of(1, 5, 5, 3), timestep: [500] };
  const { data } = interpret({ outputs: { grad } }, feeds).grad;
  const reached = Array.from({ length: TINY_VOCABULARY }, (_, row) =>
    data.slice(row * 6, (row + 1) * 6).some((v) => v !== 0),
  );
  assert.deepEqual(reached, [false, true, false, true, false, true, false]);
});
