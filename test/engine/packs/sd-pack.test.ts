// Every layout of one model opens as the same networks; what is another model is refused with its reason.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { inspectSdPack } from '../../../src/engine/packs/sd-inspect.ts';
import { openSdPack, type SdLocation, type SdPack, tokenizerOf } from '../../../src/engine/packs/sd-pack.ts';
import { readTable } from '../../../src/engine/packs/weight-source.ts';
import { shared, skipWithout } from '../imaging/make-pictures.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { changeJson } from './small-pack.ts';
import { put, TEXT_JSON, UNET_JSON, VAE_JSON, VOCABULARY, writeTinyLdm, writeTinySd } from './tiny-sd.ts';

const NETWORKS = ['unet', 'autoencoder', 'text'] as const;

function weightsOf(pack: SdPack, part: (typeof NETWORKS)[number]): Record<string, Float32Array> {
  const source = pack[part].open();
  try {
    return readTable(source, pack[part].table);
  } finally {
    source.close();
  }
}

function assertSameModel(a: SdPack, b: SdPack, tolerance = 0): void {
  for (const part of NETWORKS) {
    const [one, two] = [weightsOf(a, part), weightsOf(b, part)];
    assert.deepEqual(Object.keys(one), Object.keys(two));
    for (const [name, data] of Object.entries(one)) {
      const worst = data.reduce((max, v, i) => Math.max(max, Math.abs(v - two[name][i])), 0);
      assert.ok(worst <= tolerance, `${part} ${name} differs by ${worst}`);
    }
  }
  assert.deepEqual(tokenizerOf(a).encode('a defect on'), tokenizerOf(b).encode('a defect on'));
}

describe('layouts of one model', () => {
  const layouts = {
    'fp16 variant files': { dtype: 'F16', variant: 'fp16' },
    'a sharded U-Net': { shards: 3 },
    'old names of the autoencoder': { oldVae: true },
    'the text encoder of transformers 5': { tf5: true },
  } as const;
  for (const [title, options] of Object.entries(layouts)) {
    test(title, (t) => {
      const folder = tempFolder(t);
      const plain = openSdPack({ path: writeTinySd(join(folder, 'plain')) });
      const other = openSdPack({ path: writeTinySd(join(folder, 'other'), options) });
      assertSameModel(plain, other);
      assert.deepEqual([other.kind, other.layout, other.workingSize], ['text-to-image', 'folder', 8]);
      assert.deepEqual(other.assumed, []);
    });
  }

  test('a single file, with configurations of a folder', (t) => {
    const folder = tempFolder(t);
    const plain = writeTinySd(join(folder, 'plain'));
    for (const dtype of ['F16', 'F32'] as const) {
      const path = writeTinyLdm(join(folder, `${dtype}.safetensors`), { dtype });
      const single = openSdPack({ path, with: plain });
      assertSameModel(openSdPack({ path: plain }), single);
      assert.deepEqual(
        [single.layout, single.assumed, single.unet.config],
        ['single-file', [], openSdPack({ path: plain }).unet.config],
      );
    }
  });

  test('a single file alone: its shapes tell the widths, what they do not tell is said', (t) => {
    const pack = openSdPack({ path: writeTinyLdm(join(tempFolder(t), 'model.safetensors')) });
    const { unet, autoencoder, text, scheduler, assumed } = pack;
    assert.deepEqual(unet.config.blockOutChannels, [8, 16]);
    assert.deepEqual(unet.config.downBlockTypes, UNET_JSON.down_block_types);
    assert.deepEqual(unet.config.upBlockTypes, UNET_JSON.up_block_types);
    assert.deepEqual(autoencoder.config.blockOutChannels, VAE_JSON.block_out_channels);
    assert.deepEqual([text.config.layers, text.config.vocabSize], [1, VOCABULARY.length]);
    assert.deepEqual([scheduler.beta_start, scheduler.beta_end], [0.00085, 0.012]);
    assert.ok(
      assumed.some((what) => /heads/.test(what)),
      `${assumed}`,
    );
    assert.throws(() => tokenizerOf(pack), { code: 'bad-pack', message: /no tokenizer/ });
  });

  test('a mark or metadata says that a single file predicts v', (t) => {
    const folder = tempFolder(t);
    const mark = [{ name: 'v_pred', dtype: 'F32' as const, shape: [0], data: new Float32Array(0) }];
    const marked = openSdPack({ path: writeTinyLdm(join(folder, 'a.safetensors'), {}, mark) });
    const said = { 'modelspec.prediction_type': 'v' };
    const told = openSdPack({ path: writeTinyLdm(join(folder, 'b.safetensors'), {}, [], said) });
    assert.equal(marked.scheduler.prediction_type, 'v_prediction');
    assert.equal(told.scheduler.prediction_type, 'v_prediction');
  });

  test('an inpainting model has nine channels; missing networks come from another folder', (t) => {
    const folder = tempFolder(t);
    const plain = writeTinySd(join(folder, 'plain'));
    const painting = writeTinySd(join(folder, 'painting'), { inpainting: true });
    assert.equal(openSdPack({ path: painting }).kind, 'inpainting');
    const lone = join(folder, 'lone');
    cpSync(join(painting, 'unet'), join(lone, 'unet'), { recursive: true });
    assert.throws(() => openSdPack({ path: lone }), {
      code: 'bad-pack',
      message: /holds only unet; it lacks vae, text_encoder/,
    });
    assert.equal(openSdPack({ path: lone, with: plain }).kind, 'inpainting');
  });
});

describe('refused, with the reason', () => {
  type Spoil = (folder: string) => SdLocation;
  const tiny: Spoil = (folder) => ({ path: writeTinySd(join(folder, 'model')) });
  const edited =
    (name: string, change: Record<string, unknown>): Spoil =>
    (folder) => {
      const location = tiny(folder);
      changeJson(location.path, name, change);
      return location;
    };
  const fileOf =
    (content: string | Uint8Array, name = 'model.safetensors'): Spoil =>
    (folder) => {
      put(join(folder, name), content);
      return { path: join(folder, name) };
    };
  const tensors = (...names: string[]) =>
    writeSafetensors(names.map((name) => ({ name, dtype: 'F32', shape: [1], data: Float32Array.of(1) })));

  const cases: Record<string, { make: Spoil; code: string; message: RegExp }> = {
    'Stable Diffusion XL by its second text encoder': {
      make: edited('model_index.json', { text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'] }),
      code: 'unsupported',
      message: /Stable Diffusion XL/,
    },
    'a transformer model': {
      make: edited('model_index.json', { transformer: ['diffusers', 'FluxTransformer2DModel'] }),
      code: 'unsupported',
      message: /transformer model/,
    },
    'another pipeline': {
      make: edited('model_index.json', { _class_name: 'StableDiffusionUpscalePipeline' }),
      code: 'unsupported',
      message: /StableDiffusionUpscalePipeline/,
    },
    'another autoencoder': {
      make: edited('model_index.json', { vae: ['diffusers', 'AutoencoderTiny'] }),
      code: 'unsupported',
      message: /vae is a AutoencoderTiny/,
    },
    'Stable Diffusion 2 by its text encoder': {
      make: edited('text_encoder/config.json', { hidden_act: 'gelu' }),
      code: 'unsupported',
      message: /Stable Diffusion 2/,
    },
    'an unknown value in a configuration': {
      make: edited('unet/config.json', { class_embed_type: 'timestep' }),
      code: 'bad-pack',
      message: /class_embed_type = "timestep"/,
    },
    'an unknown key in a configuration': {
      make: edited('unet/config.json', { magic: 3 }),
      code: 'bad-pack',
      message: /magic = 3/,
    },
    'a configuration out of reason': {
      make: edited('unet/config.json', { block_out_channels: [8, 4_000_000_000] }),
      code: 'bad-pack',
      message: /blockOutChannels of 4000000000 is out of reason/,
    },
    'a configuration of endless depth': {
      make: edited('text_encoder/config.json', { num_hidden_layers: 1_000_000 }),
      code: 'bad-pack',
      message: /layers of 1000000/,
    },
    'a U-Net of another use': {
      make: (folder) => {
        const path = writeTinySd(join(folder, 'model'));
        changeJson(path, 'unet/config.json', { in_channels: 8 });
        return { path };
      },
      code: 'unsupported',
      message: /instruct-pix2pix/,
    },
    'widths of two models': {
      make: edited('text_encoder/config.json', { hidden_size: 16 }),
      code: 'bad-pack',
      message: /gives 16 numbers per token, the U-Net takes 8/,
    },
    'a configuration of other weights': {
      make: edited('unet/config.json', { layers_per_block: 2 }),
      code: 'bad-weights',
      message: /unet: the weight .* is missing/,
    },
    'a ControlNet folder': {
      make: (folder) => {
        put(join(folder, 'net/config.json'), JSON.stringify({ _class_name: 'ControlNetModel' }));
        return { path: join(folder, 'net') };
      },
      code: 'unsupported',
      message: /a ControlNet, not a whole model/,
    },
    'pickled weights in a folder': {
      make: (folder) => {
        const { path } = tiny(folder);
        rmSync(join(path, 'vae/diffusion_pytorch_model.safetensors'));
        put(join(path, 'vae/diffusion_pytorch_model.bin'), 'x');
        return { path };
      },
      code: 'bad-pack',
      message: /pickled file \(diffusion_pytorch_model\.bin\)/,
    },
    'a pickle under another name': {
      make: fileOf(Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20)),
      code: 'unsupported',
      message: /pickled file/,
    },
    'a torch archive': {
      make: fileOf('PK\x03\x04rest of it', 'model.ckpt'),
      code: 'unsupported',
      message: /torch\.save/,
    },
    'a Git LFS pointer': {
      make: fileOf('version https://git-lfs.example/spec/v1\noid sha256:0'),
      code: 'unsupported',
      message: /Git LFS/,
    },
    'a LoRA': {
      make: fileOf(tensors('lora_unet_x.lora_down.weight')),
      code: 'unsupported',
      message: /a LoRA/,
    },
    'an embedding': { make: fileOf(tensors('emb_params')), code: 'unsupported', message: /text embedding/ },
    'Stable Diffusion 2 in one file': {
      make: fileOf(
        tensors('cond_stage_model.model.ln_final.weight', 'model.diffusion_model.input_blocks.0.0.weight'),
      ),
      code: 'unsupported',
      message: /Stable Diffusion 2/,
    },
    'Stable Diffusion XL in one file': {
      make: fileOf(tensors('conditioner.embedders.0.x', 'model.diffusion_model.input_blocks.0.0.weight')),
      code: 'unsupported',
      message: /Stable Diffusion XL/,
    },
    'Flux in one file': { make: fileOf(tensors('double_blocks.0.x')), code: 'unsupported', message: /Flux/ },
    'a single file that lacks a network': {
      make: fileOf(tensors('model.diffusion_model.input_blocks.0.0.weight')),
      code: 'bad-weights',
      message: /is missing/,
    },
    'a shard that is gone': {
      make: (folder) => {
        const path = writeTinySd(join(folder, 'model'), { shards: 2 });
        rmSync(join(path, 'unet/diffusion_pytorch_model-00002-of-00002.safetensors'));
        return { path };
      },
      code: 'bad-weights',
      message: /shard diffusion_pytorch_model-00002-of-00002\.safetensors is missing/,
    },
    'a list of shards that leads out of the folder': {
      make: (folder) => {
        const path = writeTinySd(join(folder, 'model'), { shards: 2 });
        const index = join(path, 'unet/diffusion_pytorch_model.safetensors.index.json');
        writeFileSync(
          index,
          readFileSync(index, 'utf8').replaceAll('diffusion_pytorch_model-00001', '../../other-00001'),
        );
        return { path };
      },
      code: 'bad-weights',
      message: /is no file name/,
    },
    'a folder without a model': {
      make: (folder) => ({ path: folder }),
      code: 'bad-pack',
      message: /is no Stable Diffusion folder/,
    },
    nothing: {
      make: (folder) => ({ path: join(folder, 'none') }),
      code: 'not-found',
      message: /no such pack/,
    },
  };
  for (const [title, { make, code, message }] of Object.entries(cases)) {
    test(title, (t) => {
      assert.throws(() => openSdPack(make(tempFolder(t))), { code, message });
    });
  }
});

test('a tokenizer with more tokens than the text encoder is refused when it is loaded', (t) => {
  const folder = writeTinySd(join(tempFolder(t), 'model'));
  const vocab = Object.fromEntries([...VOCABULARY, 'more'].map((token, id) => [token, id]));
  put(join(folder, 'tokenizer/vocab.json'), JSON.stringify(vocab));
  assert.throws(() => tokenizerOf(openSdPack({ path: folder })), {
    code: 'bad-pack',
    message: /tokenizer has/,
  });
});

test('weights that are not finite are refused with their file', (t) => {
  const folder = writeTinySd(join(tempFolder(t), 'model'), { dtype: 'F32' });
  const file = join(folder, 'vae/diffusion_pytorch_model.safetensors');
  const bytes = readFileSync(file);
  bytes.fill(0xff, bytes.length - 4);
  writeFileSync(file, bytes);
  assert.throws(() => weightsOf(openSdPack({ path: folder }), 'autoencoder'), { code: 'bad-weights' });
});

test('inspecting tells kind, sizes, memory and licence', (t) => {
  const folder = writeTinySd(join(tempFolder(t), 'model'), { dtype: 'F16', variant: 'fp16' });
  put(join(folder, 'README.md'), '---\nlicense: creativeml-openrail-m\n---\n# A model\n');
  const told = inspectSdPack(openSdPack({ path: folder })) as Record<string, never>;
  const { parameters, memory, licence, numbers, widths, heads } = told;
  assert.deepEqual([widths, heads], [UNET_JSON.block_out_channels, [2, 2]]);
  assert.deepEqual(numbers, { unet: ['F16'], text_encoder: ['F16'], autoencoder: ['F16'] });
  assert.equal((licence as { title: string }).title, 'creativeml-openrail-m');
  const tables = openSdPack({ path: folder }).text.table;
  const text = [...tables.values()].reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0);
  assert.equal((parameters as { text_encoder: number }).text_encoder, text);
  assert.ok(text > VOCABULARY.length * TEXT_JSON.hidden_size);
  const need = memory as { samplingBytes: number; trainingBytes: number; adapterTrainingBytes: number };
  const unet = (parameters as { unet: number }).unet;
  assert.ok(need.samplingBytes > 4 * unet);
  assert.equal(need.trainingBytes - need.adapterTrainingBytes, 3 * 4 * unet);
});

const fixtures = shared('fixtures');
describe('the reference models', { skip: skipWithout(fixtures) }, () => {
  const at = (name: string) => join(fixtures as string, name);
  const plain = () => openSdPack({ path: at('sd-tiny') });
  /** fp16 keeps 11 bits; the largest weight is below 8. */
  const HALF = 8 * 2 ** -11;

  test('fp16 variant and single file hold the folder’s weights', () => {
    assertSameModel(plain(), openSdPack({ path: at('sd-tiny'), variant: 'fp16' }), HALF);
    const single = openSdPack({ path: at('sd-tiny-ldm-fp16.safetensors'), with: at('sd-tiny') });
    assertSameModel(plain(), single, HALF);
    const alone = openSdPack({ path: at('sd-tiny-ldm-fp16.safetensors') });
    assert.deepEqual(alone.unet.config.blockOutChannels, plain().unet.config.blockOutChannels);
  });

  test('old autoencoder names and the files of transformers 5 are the same model', () => {
    assertSameModel(plain(), openSdPack({ path: at('sd-tiny-old-vae'), with: at('sd-tiny') }));
    assertSameModel(plain(), openSdPack({ path: at('sd-tiny-tf5'), with: at('sd-tiny') }));
    assert.equal(openSdPack({ path: at('unet-inpaint-tiny'), with: at('sd-tiny') }).kind, 'inpainting');
  });
});
