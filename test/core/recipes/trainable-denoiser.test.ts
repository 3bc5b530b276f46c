// What of a denoiser is trained: new token rows alone, with adapters, or with the whole U-Net; the rest gets no gradient.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differentiated } from '../../../src/core/autodiff/step-program.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { mse } from '../../../src/core/nets/functional.ts';
import { startRows, TOKEN_ROWS } from '../../../src/core/recipes/token-rows.ts';
import { TABLE, trainableDenoiser } from '../../../src/core/recipes/trainable-denoiser.ts';
import { randomFeeds } from '../nets/sizes.ts';
import { TINY_LATENT, TINY_NETWORKS, TINY_TOKENS } from './tiny-networks.ts';

const ADDED = TINY_NETWORKS.addedTokens;

function built(trained: 'tokens' | 'whole' | number) {
  return trainableDenoiser(
    {
      networks: TINY_NETWORKS,
      rows: 1,
      latentSize: TINY_LATENT,
      promptLength: TINY_TOKENS,
      added: ADDED,
      trained,
    },
    (b, prediction) => mse(b, prediction, b.input('target', prediction.shape)),
  );
}

test('tokens alone: one parameter, the networks and the vocabulary are frozen', () => {
  const { step, frozen, adapters } = built('tokens');
  assert.deepEqual([...step.parameters.keys()], [TOKEN_ROWS]);
  assert.equal(adapters.size, 0);
  assert.ok(frozen.includes(TABLE) && frozen.some((name) => name.startsWith('unet/')));
  const program = differentiated(step);
  const feeds = randomFeeds(Object.values(program.outputs), 3);
  feeds.ids = Int32Array.of(0, 5, 6, 3) as never;
  const out = interpret(program, feeds);
  assert.ok(out[`grad:${TOKEN_ROWS}`].data.some((v) => v !== 0));
  const unused = interpret(program, { ...feeds, ids: Int32Array.of(0, 1, 2, 3) as never });
  assert.ok(
    unused[`grad:${TOKEN_ROWS}`].data.every((v) => v === 0),
    'tokens that no prompt has learn nothing',
  );
});

test('adapters and the whole U-Net', () => {
  const adapted = built(2);
  const names = [...adapted.step.parameters.keys()];
  assert.ok(names.includes(TOKEN_ROWS) && names.some((name) => name.endsWith('.lora_up')));
  assert.ok(
    adapted.frozen.some((name) => name.startsWith('unet/')),
    'the weights below adapters are fed',
  );
  const whole = built('whole');
  assert.ok(![...whole.frozen].some((name) => name.startsWith('unet/')));
  assert.ok(whole.frozen.includes(TABLE));
});

test('rows start at the mean of their words', () => {
  const table = Float32Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual([...startRows(table, 2, [[0, 2], [1]], namedRng(0, 'rows'))], [3, 4, 3, 4]);
});
