// The U-Net: parameter counts of known models from shapes alone, what it exposes, what it refuses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { parseUnetConfig, type UnetResult, unet } from '../../../src/core/nets/unet-2d-condition.ts';
import { countParameters } from './sizes.ts';

const PACK = {
  block_out_channels: [48, 96, 144],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  layers_per_block: 1,
  attention_head_dim: 6,
  norm_num_groups: 8,
  cross_attention_dim: 128,
  in_channels: 24,
};

function build(json: unknown, size: number, tokens = 77): { s: Scope; result: UnetResult } {
  const config = parseUnetConfig(json);
  const b = new Builder();
  const s = new Scope(b);
  const result = unet(
    s,
    {
      sample: b.input('sample', [2, config.inChannels, size, size]),
      timestep: b.input('timestep', [2]),
      encoderHiddenStates: b.input('text', [2, tokens, config.crossAttentionDim]),
    },
    config,
  );
  return { s, result };
}

test('Stable Diffusion 1.x has 859,520,964 parameters in 686 tensors', () => {
  const { s, result } = build({ cross_attention_dim: 768, sample_size: 64 }, 64);
  assert.equal(countParameters(s.table), 859_520_964);
  assert.equal(s.table.size, 686);
  assert.deepEqual(result.sample.shape, [2, 4, 64, 64]);
  assert.deepEqual(
    result.upBlocks.map((v) => v.shape.slice(1)),
    [
      [1280, 16, 16],
      [1280, 32, 32],
      [640, 64, 64],
      [320, 64, 64],
    ],
  );
  assert.equal(result.attention.length, 16);
});

test('the embedded pack has 6,181,156 parameters and attention at 16 and 8', () => {
  const { s, result } = build(PACK, 32, 8);
  assert.equal(countParameters(s.table), 6_181_156);
  const sizes = result.attention.map((tap) => `${tap.block} ${tap.height}`);
  assert.deepEqual(sizes, [
    'down_blocks.1 16',
    'down_blocks.2 8',
    'mid_block 8',
    'up_blocks.0 8',
    'up_blocks.0 8',
    'up_blocks.1 16',
    'up_blocks.1 16',
  ]);
  assert.deepEqual(result.attention[0].q.shape, [2, 6, 256, 16]);
  assert.deepEqual(result.attention[0].k.shape, [2, 6, 8, 16]);
});

test('linear projections change the shape of the weights, not their number', () => {
  const { s } = build({ ...PACK, use_linear_projection: true }, 32, 8);
  assert.equal(countParameters(s.table), 6_181_156);
  assert.deepEqual(s.table.get('mid_block.attentions.0.proj_in.weight')?.shape, [144, 144]);
});

test('what is not supported is refused by name', () => {
  const cases: [object, RegExp][] = [
    [{ act_fn: 'mish' }, /act_fn = "mish".*"silu"/],
    [{ class_embed_type: 'timestep' }, /class_embed_type = "timestep".*null/],
    [{ addition_embed_type: 'text_time' }, /addition_embed_type = "text_time"/],
    [
      { down_block_types: ['DownBlock2D', 'AttnDownBlock2D', 'DownBlock2D'] },
      /down_block_types.*AttnDownBlock2D/,
    ],
    [{ down_block_types: ['DownBlock2D'] }, /down_block_types.*a list of 3 names/],
    [{ attention_head_dim: [1, 2] }, /attention_head_dim = \[1,2\].*a list of 3/],
    [{ attention_head_dim: 7 }, /attention_head_dim = 7.*divide/],
    [{ norm_num_groups: null }, /norm_num_groups = null/],
    [{ num_attention_heads: 8 }, /num_attention_heads = 8.*null/],
    [{ cross_attention_dim: [1, 2, 3] }, /cross_attention_dim/],
    [{ new_option: 1 }, /new_option = 1.*no such key/],
    [{ _class_name: 'UNet2DModel' }, /_class_name = "UNet2DModel".*UNet2DConditionModel/],
    [{ layers_per_block: 0 }, /layers_per_block = 0/],
  ];
  for (const [change, message] of cases) {
    assert.throws(
      () => parseUnetConfig({ ...PACK, ...change }, 'unet/config.json'),
      (error) => {
        assert(error instanceof AppError);
        assert.equal(error.code, 'bad-pack');
        assert.equal(error.details.file, 'unet/config.json');
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.throws(() => parseUnetConfig([]), /not a JSON object/);
});

test('absent keys have the defaults of diffusers', () => {
  const config = parseUnetConfig({});
  assert.deepEqual(config.blockOutChannels, [320, 640, 1280, 1280]);
  assert.deepEqual(config.heads, [8, 8, 8, 8]);
  assert.equal(config.crossAttentionDim, 1280);
  assert.equal(config.timeEmbeddingDim, 1280);
});
