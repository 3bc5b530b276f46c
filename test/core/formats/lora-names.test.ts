// Names of adapters: what we write is read back, and the spellings of other tools mean the same modules.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loraNames, readLoraNames } from '../../../src/core/formats/lora-names.ts';

const ATTENTION = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1';
const UNET = [`${ATTENTION}.to_q`, `${ATTENTION}.to_out.0`, 'down_blocks.0.resnets.0.conv1'];
const TEXT = ['text_model.encoder.layers.0.self_attn.q_proj'];
const TARGETS = [
  {
    network: 'unet',
    modules: UNET,
    aliases: (m: string) => [m.replace('down_blocks.0.resnets.0.conv1', 'input_blocks.1.0.in_layers.2')],
  },
  { network: 'text', modules: TEXT },
] as const;

test('both dialects read back what they write', () => {
  for (const dialect of ['diffusers', 'kohya'] as const) {
    const written = [...UNET.map((m) => loraNames(dialect, 'unet', m)), loraNames(dialect, 'text', TEXT[0])];
    const names = written.flatMap(({ up, down, alpha }) => (alpha ? [up, down, alpha] : [up, down]));
    const read = readLoraNames(names, TARGETS);
    assert.deepEqual([read.dialect, read.unknown], [dialect, []]);
    assert.deepEqual(
      read.modules.map(({ network, module }) => [network, module]),
      [...UNET.map((m) => ['unet', m]), ['text', TEXT[0]]],
    );
    assert.deepEqual(read.modules[0], { network: 'unet', module: UNET[0], ...written[0] });
  }
});

test('the names are those other tools write', () => {
  assert.deepEqual(loraNames('kohya', 'unet', `${ATTENTION}.to_out.0`), {
    up: 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_out_0.lora_up.weight',
    down: 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_out_0.lora_down.weight',
    alpha: 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_out_0.alpha',
  });
  assert.equal(
    loraNames('diffusers', 'text', TEXT[0]).up,
    'text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_B.weight',
  );
});

test('older and other spellings', () => {
  const pairs: [down: string, up: string, module: string][] = [
    [
      `unet.${ATTENTION}.processor.to_q_lora.down.weight`,
      `unet.${ATTENTION}.processor.to_q_lora.up.weight`,
      UNET[0],
    ],
    [
      `${ATTENTION}.processor.to_out_lora.down.weight`,
      `${ATTENTION}.processor.to_out_lora.up.weight`,
      UNET[1],
    ],
    [`unet.${ATTENTION}.to_q.lora.down.weight`, `unet.${ATTENTION}.to_q.lora.up.weight`, UNET[0]],
    [`base_model.model.${UNET[0]}.lora_A.weight`, `base_model.model.${UNET[0]}.lora_B.weight`, UNET[0]],
    [`unet.${UNET[0]}.lora_A.default_0.weight`, `unet.${UNET[0]}.lora_B.default_0.weight`, UNET[0]],
    [
      'lora_unet_input_blocks_1_0_in_layers_2.lora_down.weight',
      'lora_unet_input_blocks_1_0_in_layers_2.lora_up.weight',
      UNET[2],
    ],
    [
      'text_encoder.text_model.encoder.layers.0.self_attn.to_q_lora.down.weight',
      'text_encoder.text_model.encoder.layers.0.self_attn.to_q_lora.up.weight',
      TEXT[0],
    ],
    [
      'lora_te1_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight',
      'lora_te1_text_model_encoder_layers_0_self_attn_q_proj.lora_up.weight',
      TEXT[0],
    ],
  ];
  for (const [down, up, module] of pairs) {
    const { modules, unknown } = readLoraNames([down, up], TARGETS);
    assert.deepEqual([modules.map((m) => [m.module, m.down, m.up]), unknown], [[[module, down, up]], []]);
  }
});

test('what belongs to nothing, and halves, are told', () => {
  const half = `unet.${UNET[0]}.lora_A.weight`;
  const { modules, unknown } = readLoraNames([half, 'unet.other.lora_A.weight', 'note'], TARGETS);
  assert.deepEqual(
    [modules, unknown.toSorted()],
    [[], ['note', 'unet.other.lora_A.weight', half].toSorted()],
  );
});
