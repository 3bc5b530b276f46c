// AnomalySD: the channel order of inpainting checkpoints, and the decoder's loss with and without the perceptual term.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import {
  decoderLoss,
  inpaintingLoss,
  inpaintingSample,
} from '../../../../src/core/recipes/anomalysd/losses.ts';

test('nine channels: noisy latent, hole, masked latent', () => {
  const b = new Builder();
  const inputs = {
    noisy: b.fill(1, [1, 4, 2, 2]),
    hole: b.fill(2, [1, 1, 2, 2]),
    maskedLatent: b.fill(3, [1, 4, 2, 2]),
  };
  const { sample } = interpret({ outputs: { sample: inpaintingSample(b, inputs) } }, {});
  assert.deepEqual(sample.shape, [1, 9, 2, 2]);
  const channels = Array.from({ length: 9 }, (_, c) => sample.data[4 * c]);
  assert.deepEqual(channels, [1, 1, 1, 1, 2, 3, 3, 3, 3]);
});

test('the whole latent counts; the decoder adds a tenth of the perceptual distance', () => {
  const b = new Builder();
  const [x, y] = [b.constant([1, 2], [1, 1, 1, 2]), b.constant([1, 4], [1, 1, 1, 2])];
  const distance = b.constant([3, 5], [2]);
  const got = interpret(
    {
      outputs: {
        unet: inpaintingLoss(b, x, y),
        plain: decoderLoss(b, x, y),
        both: decoderLoss(b, x, y, { distance }),
        heavy: decoderLoss(b, x, y, { distance, weight: 2 }),
      },
    },
    {},
  );
  assert.deepEqual(
    [got.unet, got.plain, got.heavy].map((v) => v.data[0]),
    [2, 2, 10],
  );
  assert.ok(Math.abs(got.both.data[0] - 2.4) < 1e-6);
});
