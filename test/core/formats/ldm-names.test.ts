// Names of original-layout files: pairs from published Stable Diffusion 1.x files, and no two weights under one name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ldmTextNames, ldmUnetName, ldmVaeName } from '../../../src/core/formats/ldm-names.ts';
import { parseAutoencoderConfig } from '../../../src/core/nets/autoencoder-kl.ts';
import { autoencoderTable, unetTable } from '../../../src/core/nets/parameter-tables.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';

const SD1 = { layersPerBlock: [2, 2, 2, 2], upAttention: [false, true, true, true] };

/** diffusers name -> name in the published v1 checkpoints. */
const UNET: Record<string, string> = {
  'time_embedding.linear_2.bias': 'time_embed.2.bias',
  'conv_in.weight': 'input_blocks.0.0.weight',
  'down_blocks.0.resnets.1.time_emb_proj.weight': 'input_blocks.2.0.emb_layers.1.weight',
  'down_blocks.0.downsamplers.0.conv.weight': 'input_blocks.3.0.op.weight',
  'down_blocks.1.resnets.0.conv_shortcut.weight': 'input_blocks.4.0.skip_connection.weight',
  'down_blocks.1.attentions.1.transformer_blocks.0.attn2.to_out.0.bias':
    'input_blocks.5.1.transformer_blocks.0.attn2.to_out.0.bias',
  'down_blocks.3.resnets.1.norm2.weight': 'input_blocks.11.0.out_layers.0.weight',
  'mid_block.resnets.1.conv1.weight': 'middle_block.2.in_layers.2.weight',
  'mid_block.attentions.0.proj_in.weight': 'middle_block.1.proj_in.weight',
  'up_blocks.0.upsamplers.0.conv.bias': 'output_blocks.2.1.conv.bias',
  'up_blocks.1.resnets.0.norm1.weight': 'output_blocks.3.0.in_layers.0.weight',
  'up_blocks.1.upsamplers.0.conv.weight': 'output_blocks.5.2.conv.weight',
  'up_blocks.3.attentions.2.norm.weight': 'output_blocks.11.1.norm.weight',
  'conv_norm_out.weight': 'out.0.weight',
  'conv_out.bias': 'out.2.bias',
};
const VAE: Record<string, string> = {
  'encoder.down_blocks.1.resnets.0.conv_shortcut.weight': 'encoder.down.1.block.0.nin_shortcut.weight',
  'encoder.down_blocks.2.downsamplers.0.conv.bias': 'encoder.down.2.downsample.conv.bias',
  'encoder.mid_block.attentions.0.to_q.weight': 'encoder.mid.attn_1.q.weight',
  'encoder.mid_block.resnets.1.norm1.weight': 'encoder.mid.block_2.norm1.weight',
  'decoder.mid_block.attentions.0.group_norm.bias': 'decoder.mid.attn_1.norm.bias',
  'decoder.mid_block.attentions.0.to_out.0.weight': 'decoder.mid.attn_1.proj_out.weight',
  'decoder.up_blocks.0.resnets.2.conv2.weight': 'decoder.up.3.block.2.conv2.weight',
  'decoder.up_blocks.3.resnets.0.conv1.weight': 'decoder.up.0.block.0.conv1.weight',
  'decoder.up_blocks.0.upsamplers.0.conv.weight': 'decoder.up.3.upsample.conv.weight',
  'decoder.conv_norm_out.weight': 'decoder.norm_out.weight',
  'post_quant_conv.weight': 'post_quant_conv.weight',
};

test('published names', () => {
  for (const [ours, theirs] of Object.entries(UNET))
    assert.equal(ldmUnetName(ours, SD1), `model.diffusion_model.${theirs}`);
  for (const [ours, theirs] of Object.entries(VAE))
    assert.equal(ldmVaeName(ours, 4), `first_stage_model.${theirs}`);
  assert.deepEqual(ldmTextNames('text_model.final_layer_norm.bias'), [
    'cond_stage_model.transformer.text_model.final_layer_norm.bias',
    'cond_stage_model.transformer.final_layer_norm.bias',
  ]);
});

test('every weight of Stable Diffusion 1.x has a name of its own', () => {
  const unet = [...unetTable(parseUnetConfig({ cross_attention_dim: 768 })).keys()];
  assert.equal(unet.length, 686);
  assert.equal(new Set(unet.map((name) => ldmUnetName(name, SD1))).size, 686);
  const blocks = { down: Array(4).fill('DownEncoderBlock2D'), up: Array(4).fill('UpDecoderBlock2D') };
  const config = parseAutoencoderConfig({
    block_out_channels: [128, 256, 512, 512],
    down_block_types: blocks.down,
    up_block_types: blocks.up,
    layers_per_block: 2,
  });
  const vae = [...autoencoderTable(config).keys()];
  assert.equal(vae.length, 248);
  assert.equal(new Set(vae.map((name) => ldmVaeName(name, 4))).size, 248);
});
