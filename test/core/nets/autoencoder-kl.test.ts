// The autoencoder: parameter count of Stable Diffusion's, taps, old files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { decodeLatent, encodeImage, parseAutoencoderConfig } from '../../../src/core/nets/autoencoder-kl.ts';
import { autoencoderWeightName } from '../../../src/core/nets/legacy-names.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { countParameters } from './sizes.ts';

const SD = {
  block_out_channels: [128, 256, 512, 512],
  down_block_types: new Array(4).fill('DownEncoderBlock2D'),
  up_block_types: new Array(4).fill('UpDecoderBlock2D'),
  layers_per_block: 2,
};

test("Stable Diffusion's autoencoder has 83,653,863 parameters", () => {
  const config = parseAutoencoderConfig(SD);
  const b = new Builder();
  const s = new Scope(b);
  const { mean, logVariance } = encodeImage(s, b.input('image', [1, 3, 512, 512]), config);
  const { image, upBlocks } = decodeLatent(s, b.input('z', [1, 4, 64, 64]), config);
  assert.equal(countParameters(s.table), 83_653_863);
  assert.deepEqual(
    [mean.shape, logVariance.shape],
    [
      [1, 4, 64, 64],
      [1, 4, 64, 64],
    ],
  );
  assert.deepEqual(image.shape, [1, 3, 512, 512]);
  assert.deepEqual(
    upBlocks.map((v) => v.shape.slice(1, 3)),
    [
      [512, 128],
      [512, 256],
      [256, 512],
      [128, 512],
    ],
  );
});

test('quantisation convolutions and mid attention can be absent', () => {
  const config = parseAutoencoderConfig({
    ...SD,
    use_quant_conv: false,
    use_post_quant_conv: false,
    mid_block_add_attention: false,
  });
  const b = new Builder();
  const s = new Scope(b);
  encodeImage(s, b.input('image', [1, 3, 64, 64]), config);
  decodeLatent(s, b.input('z', [1, 4, 8, 8]), config);
  assert.deepEqual(
    [...s.table.keys()].filter((name) => /quant|attentions/.test(name)),
    [],
  );
});

test('configurations: defaults, and what is refused', () => {
  assert.equal(parseAutoencoderConfig(SD).scalingFactor, 0.18215);
  assert.throws(() => parseAutoencoderConfig({ ...SD, shift_factor: 0.1 }), /shift_factor = 0.1/);
  assert.throws(() => parseAutoencoderConfig({ ...SD, latents_mean: [1] }), /latents_mean = \[1\]/);
  assert.throws(
    () => parseAutoencoderConfig({ ...SD, up_block_types: ['UpBlock'] }),
    /up_block_types = \["UpBlock"\].*UpDecoderBlock2D/,
  );
});

test('names of published SD 1.x files become the new ones', () => {
  const old = 'decoder.mid_block.attentions.0';
  assert.equal(autoencoderWeightName(`${old}.query.weight`), `${old}.to_q.weight`);
  assert.equal(autoencoderWeightName(`${old}.proj_attn.bias`), `${old}.to_out.0.bias`);
  assert.equal(autoencoderWeightName(`${old}.to_k.bias`), `${old}.to_k.bias`);
  assert.equal(autoencoderWeightName('encoder.conv_in.weight'), 'encoder.conv_in.weight');
});
