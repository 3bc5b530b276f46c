// The pack's own autoencoder and the sizes of its three networks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { conv, groupNorm, pixelShuffle } from '../../../src/core/nets/layers.ts';
import { LOG_VARIANCE_RANGE, packDecode, packEncode } from '../../../src/core/nets/pack-autoencoder.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';
import { denoise, denoiseInputs } from '../../../src/core/recipes/pack/denoise-loss.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../../src/core/recipes/pack/pack-config.ts';
import { WORDS } from '../../../src/core/render/words.ts';
import { countParameters, randomFeeds } from './sizes.ts';

/** The same network, narrow enough to be interpreted. */
const NARROW = { channels: [4, 4], latentChannels: 2, normGroups: 2 } as const;

test('the encoder has 262,136 parameters, the decoder 466,812', () => {
  const s = new Scope(new Builder());
  const { mean, logVariance } = packEncode(s, s.b.input('image', [2, 3, 128, 128]));
  const { image, features } = packDecode(s, s.b.input('latent', [2, 4, 32, 32]));
  assert.equal(
    countParameters(s.table, (name) => name.startsWith('encoder.')),
    262_136,
  );
  assert.equal(
    countParameters(s.table, (name) => name.startsWith('decoder.')),
    466_812,
  );
  assert.equal(countParameters(s.table), 262_136 + 466_812);
  assert.deepEqual([mean.shape, logVariance.shape], new Array(2).fill([2, 4, 32, 32]));
  assert.deepEqual(image.shape, [2, 3, 128, 128]);
  assert.deepEqual(
    features.map((f) => f.shape),
    [[2, 48, 64, 64]],
  );
});

test("the pack's U-Net has 6,181,156 parameters, its text encoder 128 numbers per word and place", () => {
  const networks = {
    unet: parseUnetConfig(PACK_UNET_JSON),
    text: parseClipTextConfig(PACK_TEXT_JSON),
    addedTokens: 0,
  };
  const b = new Builder();
  const [unet, text] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const { sample } = denoise(unet, text, denoiseInputs(b, 1, networks.unet, 32, 8), networks);
  assert.deepEqual(sample.shape, [1, 4, 32, 32]);
  assert.equal(countParameters(unet.table), 6_181_156);
  // The words, eight places, and weight and bias of the final norm.
  assert.equal(countParameters(text.table), (WORDS.length + 8 + 2) * 128);
});

test('the log variance is clamped to -12 and 4, the mean is not', () => {
  const s = new Scope(new Builder());
  const encoded = packEncode(s, s.b.input('image', [1, 3, 8, 8]), NARROW);
  const outputs = { mean: encoded.mean, logVariance: encoded.logVariance };
  const feeds = randomFeeds(Object.values(outputs));
  const channels = (bias: number[]) => {
    const results = interpret({ outputs }, { ...feeds, 'encoder.conv_out.bias': bias });
    const firstOfChannel = (v: ArrayLike<number>) => [v[0], v[4]];
    return [...firstOfChannel(results.mean.data), ...firstOfChannel(results.logVariance.data)];
  };
  const [low, high] = LOG_VARIANCE_RANGE;
  assert.deepEqual([low, high], [-12, 4]);
  const plain = channels([0, 0, 0, 0]);
  assert.ok(plain.every((v) => v > low && v < high && v !== 0));
  const [m0, m1, v0, v1] = channels([100, -100, 100, -100]);
  assert.deepEqual([v0, v1], [high, low]);
  assert.ok(Math.abs(m0 - plain[0] - 100) < 1e-6 && Math.abs(m1 - plain[1] + 100) < 1e-6);
});

test('decoded pictures are shuffled from twelve channels as torch.nn.PixelShuffle does', () => {
  const s = new Scope(new Builder());
  const { image } = packDecode(s, s.b.input('latent', [1, 2, 2, 2]), NARROW);
  const feeds = randomFeeds([image]);
  feeds['decoder.conv_out.weight'].fill(0);
  feeds['decoder.conv_out.bias'] = Float32Array.from({ length: 12 }, (_, i) => i);
  const { data, shape } = interpret({ outputs: { image } }, feeds).image;
  assert.deepEqual(shape, [1, 3, 8, 8]);
  for (let i = 0; i < data.length; i++) {
    const [c, y, x] = [Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8];
    assert.equal(data[i], 4 * c + 2 * (y % 2) + (x % 2));
  }
});

test('features are what the mask network gets: the decoder before its last norm', () => {
  const s = new Scope(new Builder());
  const { image, features } = packDecode(s, s.b.input('latent', [1, 2, 2, 2]), NARROW);
  assert.deepEqual(
    features.map((f) => f.shape),
    [[1, 4, 4, 4]],
  );
  // Equal nodes of a graph are one object: norm, activation and last convolution lead from there to the picture.
  const at = s.at('decoder');
  const active = s.b.silu(groupNorm(at.at('conv_norm_out'), features[0], NARROW.normGroups, 1e-5));
  assert.equal(pixelShuffle(s, conv(at.at('conv_out'), active, 12, 3, { pads: 1 }), 2), image);
});
