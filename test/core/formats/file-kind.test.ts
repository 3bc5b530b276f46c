// What files are, by their first bytes and by the names in them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileKind } from '../../../src/core/formats/file-kind.ts';
import { modelKind } from '../../../src/core/formats/model-kind.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('files by their first bytes', () => {
  assert.equal(fileKind(Uint8Array.of(0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0)), 'pickle');
  assert.equal(fileKind(Uint8Array.of(0x80, 2, 0x7d, 0x71)), 'pickle');
  assert.equal(fileKind(Uint8Array.from([...bytes('PK'), 3, 4, 0, 0])), 'zip-pickle');
  assert.equal(fileKind(bytes('GGUF....')), 'gguf');
  assert.equal(fileKind(bytes('version https://git-lfs')), 'lfs-pointer');
  assert.equal(fileKind(bytes('\n<!DOCTYPE html>')), 'html');
  assert.equal(fileKind(new Uint8Array(0)), 'other');
});

test('a header of 640 bytes begins as a pickle does and is none', () => {
  const metadata = { note: 'x'.repeat(640 - 84) };
  const file = writeSafetensors([{ name: 'a', dtype: 'U8', shape: [1], data: Uint8Array.of(1) }], metadata);
  assert.deepEqual([file[0], file[1]], [0x80, 2]);
  assert.equal(fileKind(file), 'safetensors');
});

test('models by the names of their tensors', () => {
  const kinds = {
    'sd1-checkpoint': ['model.diffusion_model.input_blocks.0.0.weight', 'cond_stage_model.transformer.x'],
    'sd2-checkpoint': [
      'model.diffusion_model.input_blocks.0.0.weight',
      'cond_stage_model.model.ln_final.bias',
    ],
    'sdxl-checkpoint': [
      'model.diffusion_model.input_blocks.0.0.weight',
      'model.diffusion_model.label_emb.0.0.bias',
    ],
    'sd3-checkpoint': ['model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight'],
    'flux-checkpoint': ['double_blocks.0.img_attn.qkv.weight'],
    controlnet: ['control_model.input_blocks.0.0.weight'],
    lora: ['unet.mid_block.attentions.0.proj_in.lora_A.weight'],
    embedding: ['<token>'],
    unet: ['down_blocks.0.resnets.0.conv1.weight'],
    vae: ['encoder.down_blocks.0.resnets.0.conv1.weight', 'decoder.conv_in.weight'],
    'text-encoder': ['text_model.embeddings.token_embedding.weight'],
    unknown: ['layer.0.weight', 'layer.1.weight'],
  } as const;
  for (const [kind, names] of Object.entries(kinds)) assert.equal(modelKind(names), kind);
  assert.equal(modelKind(['unet.down_blocks.0.attentions.0.attn1.processor.to_q_lora.down.weight']), 'lora');
});
