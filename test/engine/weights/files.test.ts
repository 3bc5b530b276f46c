// LoRAs and embeddings of files on a pack: the same U-Net output as with merged weights, and reasons for what does not fit.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { addLowRank, loraTensors } from '../../../src/core/formats/lora-tensors.ts';
import { type TensorToWrite, writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { embeddingTensors } from '../../../src/core/formats/text-embedding.ts';
import { openSdPack, tokenizerOf } from '../../../src/engine/packs/sd-pack.ts';
import { encodePrompts } from '../../../src/engine/sampling/text-to-image.ts';
import { additionsFor } from '../../../src/engine/weights/additions.ts';
import { applyLora, readLora } from '../../../src/engine/weights/read-lora.ts';
import { put, writeTinySd } from '../packs/tiny-sd.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { largest, ONE_THREAD, runText, runUnet, tinyLora, worstDifference } from './tiny-run.ts';

function tinyPack(t: TestContext) {
  const folder = tempFolder(t);
  const pack = openSdPack({ path: writeTinySd(join(folder, 'pack')) });
  const file = (name: string, tensors: readonly TensorToWrite[], metadata: Record<string, string> = {}) => {
    put(join(folder, name), writeSafetensors(tensors, metadata));
    return join(folder, name);
  };
  return { pack, file };
}

const signal = new AbortController().signal;

test('a LoRA read back gives the U-Net output of the adapters it was written from, in both dialects', async (t) => {
  const { pack, file } = tinyPack(t);
  const lora = tinyLora(pack);
  const plain = await runUnet(pack);
  const merged = await runUnet(pack, (weights) => {
    for (const m of lora) if (m.network === 'unet') addLowRank(weights[`${m.module}.weight`], m);
  });
  assert.ok(worstDifference(plain, merged) > 0.01 * largest(plain), 'the adapters change the output');
  for (const dialect of ['diffusers', 'kohya'] as const) {
    const read = readLora(file(`${dialect}.safetensors`, loraTensors(lora, dialect)), pack);
    assert.deepEqual([read.dialect, read.modules.length], [dialect, lora.length]);
    const loaded = await runUnet(pack, (weights) => applyLora(weights, read, 'unet', 1));
    // The diffusers dialect has no alpha: the factor was rounded into the numbers.
    assert.ok(worstDifference(loaded, merged) < 1e-5 * largest(merged), dialect);
    const none = await runUnet(pack, (weights) => applyLora(weights, read, 'unet', 0));
    assert.equal(worstDifference(none, plain), 0);
  }
});

test('fp16 files are within half precision', async (t) => {
  const { pack, file } = tinyPack(t);
  const lora = tinyLora(pack);
  const read = readLora(file('half.safetensors', loraTensors(lora, 'kohya', 'F16')), pack);
  read.modules.forEach((module) => {
    const own = lora.find((m) => m.module === module.module)!;
    assert.equal(module.alpha, 3);
    assert.ok(worstDifference(module.up, own.up) <= 2 ** -11 * largest(own.up));
  });
});

test('alphas of metadata count', (t) => {
  const { pack, file } = tinyPack(t);
  const meta = { 'unet.lora_alpha': 8, 'unet.alpha_pattern': { 'resnets.0.conv1': 5 } };
  const metadata = { lora_adapter_metadata: JSON.stringify(meta) };
  const read = readLora(file('m.safetensors', loraTensors(tinyLora(pack), 'diffusers'), metadata), pack);
  const alphaOf = (module: string) => read.modules.find((m) => m.module === module)?.alpha;
  assert.deepEqual([alphaOf('conv_in'), alphaOf('down_blocks.1.resnets.0.conv1')], [8, 5]);
  assert.equal(alphaOf('text_model.encoder.layers.0.mlp.fc1'), 2, 'the rank, where nothing is said');
});

describe('refused', () => {
  const tensor = (name: string, shape: number[] = [1]): TensorToWrite => {
    return { name, dtype: 'F32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
  };
  const pair = (base: string, rows: number, columns: number, rank = 2) => [
    tensor(`${base}.lora_up.weight`, [rows, rank]),
    tensor(`${base}.lora_down.weight`, [rank, columns]),
  ];
  const cases: Record<string, { tensors: TensorToWrite[]; code: string; message: RegExp }> = {
    LoHa: { tensors: [tensor('lora_unet_conv_in.hada_w1_a')], code: 'unsupported', message: /LoHa/ },
    DoRA: {
      tensors: [...pair('lora_unet_conv_in', 8, 36), tensor('lora_unet_conv_in.dora_scale')],
      code: 'unsupported',
      message: /DoRA/,
    },
    'a LoRA for another kind of model': {
      tensors: pair('lora_unet_double_blocks_0_img_attn_qkv', 8, 8),
      code: 'unsupported',
      message: /another kind of model/,
    },
    'a LoRA that fits in part': {
      tensors: [...pair('lora_unet_conv_in', 8, 36), ...pair('lora_unet_other', 8, 8)],
      code: 'unsupported',
      message: /2 of the LoRA's tensors belong to nothing/,
    },
    'other widths': {
      tensors: pair('lora_unet_conv_in', 320, 36),
      code: 'bad-weights',
      message: /does not fit/,
    },
    'half of a pair': {
      tensors: pair('lora_unet_conv_in', 8, 36).slice(1),
      code: 'unsupported',
      message: /another kind/,
    },
    'an embedding': {
      tensors: [tensor('emb_params')],
      code: 'unsupported',
      message: /a text embedding, not a LoRA/,
    },
  };
  for (const [title, { tensors, code, message }] of Object.entries(cases)) {
    test(title, (t) => {
      const { pack, file } = tinyPack(t);
      assert.throws(() => readLora(file('lora.safetensors', tensors), pack), { code, message });
    });
  }

  test('embeddings of another model, for another purpose, or under a name in use', (t) => {
    const { pack, file } = tinyPack(t);
    const read = (path: string, token?: string) => additionsFor(pack, [], [{ path, token }]);
    const wide = file('wide.safetensors', [tensor('emb_params', [2, 768])]);
    const xl = file('xl.safetensors', [tensor('clip_l', [1, 768]), tensor('clip_g', [1, 1280])]);
    const fits = file('fits.safetensors', [tensor('emb_params', [1, 8])]);
    assert.throws(() => read(wide), { code: 'bad-weights', message: /this pack needs 8/ });
    assert.throws(() => read(xl), { code: 'unsupported', message: /Stable Diffusion XL/ });
    assert.throws(() => read(fits, 'def'), { code: 'usage', message: /token of this pack already/ });
    assert.throws(() => read(fits, 'two words'), { code: 'usage', message: /one word/ });
  });
});

test('an embedding stands in the prompt as its vectors, in both forms', async (t) => {
  const { pack, file } = tinyPack(t);
  const rows = Float32Array.from({ length: 16 }, (_, i) => Math.cos(3 * i));
  const embedding = { name: '<part>', rows, width: 8 };
  const tokenizer = tokenizerOf(pack);
  const ids = tokenizer.encodePadded('a <part> on'.replace('<part>', 'b c'));
  // "b" and "c" hold the places of the two vectors: the same text with their rows written over.
  const places = [tokenizer.idOf('b</w>'), tokenizer.idOf('c</w>')] as number[];
  const expected = await runText(pack, ids, (weights) => {
    const table = weights['text_model.embeddings.token_embedding.weight'];
    places.forEach((id, i) => {
      table.set(rows.subarray(8 * i, 8 * i + 8), 8 * id);
    });
  });
  for (const dialect of ['a1111', 'diffusers'] as const) {
    const path = file(`${dialect}.safetensors`, embeddingTensors(embedding, dialect));
    const additions = additionsFor(pack, [], [{ path, token: dialect === 'a1111' ? '<part>' : undefined }]);
    const options = { ...ONE_THREAD, signal, additions };
    const got = await encodePrompts(pack, tokenizerOf(pack), ['a <part> on'], options);
    assert.equal(worstDifference(got, expected), 0, dialect);
  }
});
