// Opening a pack: what it says, and that everything wrong with it is refused by the file it is in.

import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError, type ErrorCode } from '../../../src/core/base/errors.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { packDecode, packEncode } from '../../../src/core/nets/pack-autoencoder.ts';
import { type ParameterTable, Scope } from '../../../src/core/nets/scope.ts';
import { denoise, denoiseInputs } from '../../../src/core/recipes/pack/denoise-loss.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';
import { openPack } from '../../../src/engine/packs/pack.ts';
import { EMBEDDED_PACK } from '../../../src/engine/packs/pack-service.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { changeJson, smallPack } from './small-pack.ts';

interface Spoil {
  readonly what: string;
  /** Path inside the pack that the refusal names. */
  readonly file: string;
  readonly spoil: (folder: string, file: string) => void;
  readonly message: RegExp;
  readonly code?: ErrorCode;
  /** Where only reading the weights can tell. */
  readonly weights?: true;
}

const remove = (_folder: string, file: string): void => rmSync(file);
const write = (text: string) => (_folder: string, file: string) => writeFileSync(file, text);
const change = (name: string, json: Readonly<Record<string, unknown>>) => (folder: string) =>
  changeJson(folder, name, json);

const JSON_FILES = [
  'flawsmith.json',
  'vae/config.json',
  'unet/config.json',
  'text_encoder/config.json',
  'scheduler/scheduler_config.json',
];

const SPOILS: readonly Spoil[] = [
  ...JSON_FILES.flatMap((file): Spoil[] => [
    { what: `no ${file}`, file, spoil: remove, message: /the pack has no/ },
    { what: `${file} cut short`, file, spoil: write('{"words": ["a"'), message: /not valid JSON/ },
    { what: `${file} a list`, file, spoil: write('[1]'), message: /not a JSON object/ },
    { what: `${file} null`, file, spoil: write('null'), message: /not a JSON object/ },
  ]),
  {
    what: 'another working size',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { working_size: 256 }),
    message: /working_size must be 128, not 256/,
  },
  {
    what: 'a deviation of 0',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { latents_std: [0, 1, 1, 1] }),
    message: /std above 0/,
  },
  {
    what: 'a word list without an end',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { words: ['<null>', 'a'] }),
    message: /lacks <end>/,
  },
  {
    what: 'another schedule',
    file: 'scheduler/scheduler_config.json',
    spoil: change('scheduler/scheduler_config.json', { beta_end: 0.02 }),
    message: /v_prediction on the schedule/,
  },
  {
    what: 'an unknown scheduler',
    file: 'scheduler/scheduler_config.json',
    spoil: change('scheduler/scheduler_config.json', { _class_name: 'LCMScheduler' }),
    message: /LCMScheduler/,
  },
  {
    what: 'an unknown value in the U-Net',
    file: 'unet/config.json',
    spoil: change('unet/config.json', { act_fn: 'mish' }),
    message: /act_fn = "mish".*"silu"/,
  },
  {
    what: 'an unknown key in the U-Net',
    file: 'unet/config.json',
    spoil: change('unet/config.json', { time_travel: true }),
    message: /time_travel = true.*no such key/,
  },
  {
    what: 'an unknown value in the text encoder',
    file: 'text_encoder/config.json',
    spoil: change('text_encoder/config.json', { hidden_act: 'relu' }),
    message: /hidden_act = "relu".*quick_gelu/,
  },
  {
    what: "another model's autoencoder",
    file: 'vae/config.json',
    spoil: change('vae/config.json', { _class_name: 'AutoencoderKL' }),
    message: /autoencoder is a AutoencoderKL/,
    code: 'unsupported',
  },
  {
    what: 'words that are no list',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { words: 'a with' }),
    message: /words must be a list of words/,
  },
  {
    what: 'a word that is a number',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { words: ['a', 2] }),
    message: /words must be a list of words/,
  },
  {
    what: 'no latent scale',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { latents_std: undefined }),
    message: /latents_std must be a list of numbers/,
  },
  {
    what: 'a latent scale that is no number',
    file: 'flawsmith.json',
    spoil: change('flawsmith.json', { latents_mean: [0, null, 0, 0] }),
    message: /latents_mean must be a list of numbers/,
  },
  {
    what: 'no weights of the U-Net',
    file: 'unet',
    spoil: (folder) => rmSync(join(folder, 'unet/diffusion_pytorch_model.safetensors')),
    message: /no weights in unet/,
    weights: true,
  },
  {
    what: 'pickled weights only',
    file: 'text_encoder',
    spoil: (folder) => {
      rmSync(join(folder, 'text_encoder/model.safetensors'));
      writeFileSync(join(folder, 'text_encoder/pytorch_model.bin'), 'pickle');
    },
    message: /no weights in text_encoder/,
    weights: true,
  },
  {
    what: 'damaged weights',
    file: 'vae/model.safetensors',
    spoil: write('not tensors at all'),
    message: /not a usable safetensors file/,
    code: 'bad-weights',
    weights: true,
  },
  {
    what: 'weights that are no numbers',
    file: 'vae/model.safetensors',
    spoil: (_folder, file) => {
      const data = Float32Array.of(1, NaN);
      writeFileSync(file, writeSafetensors([{ name: 'w', dtype: 'F16', shape: [2], data }]));
    },
    message: /tensor w holds NaN at 1/,
    code: 'bad-weights',
    weights: true,
  },
];

test('a pack says what it is', async (t) => {
  const folder = await smallPack(join(tempFolder(t), 'pack'));
  const pack = openPack(folder);
  assert.deepEqual(
    [pack.folder, pack.workingSize, pack.latentSize, pack.licence],
    [folder, 128, 32, 'Apache-2.0'],
  );
  assert.deepEqual(pack.latentScale, { mean: [1, 2, 3, -0.5], std: [0.5, 1.5, 2, 4] });
  assert.deepEqual([pack.unet.inChannels, pack.text.maxPositions], [24, 8]);
  assert.deepEqual(
    [pack.scheduler.className, pack.scheduler.predictionType],
    ['DDIMScheduler', 'v_prediction'],
  );
  assert.deepEqual(pack.tokenizer().encodePadded('a wood'), [
    pack.words.indexOf('a'),
    pack.words.indexOf('wood'),
    ...new Array(6).fill(pack.words.indexOf('<end>')),
  ]);
  const { unet, text, autoencoder } = pack.weights();
  assert.deepEqual(
    [unet, text, autoencoder].map((w) => Object.keys(w).toSorted()),
    [
      ['conv_in.bias', 'conv_in.weight'],
      ['text_model.embeddings.token_embedding.weight'],
      ['encoder.conv_in.weight'],
    ],
  );
});

test('words added to one tokenizer are not in the next', async (t) => {
  const pack = openPack(await smallPack(join(tempFolder(t), 'pack')));
  const first = pack.tokenizer();
  assert.deepEqual(first.addTokens(['ob1']), [pack.words.length]);
  assert.equal(pack.tokenizer().idOf('ob1'), undefined);
  assert.equal(pack.tokenizer().vocabSize, pack.words.length);
});

test('a pack that does not state its licence says so; names of older text encoders are understood', async (t) => {
  const folder = await smallPack(join(tempFolder(t), 'pack'));
  changeJson(folder, 'flawsmith.json', { licence: undefined });
  const name = 'embeddings.token_embedding.weight';
  const tensors = [
    { name, dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } as const,
    { name: 'embeddings.position_ids', dtype: 'I64', shape: [1], data: BigInt64Array.of(0n) } as const,
  ];
  writeFileSync(join(folder, 'text_encoder/model.safetensors'), writeSafetensors(tensors));
  const pack = openPack(folder);
  assert.equal(pack.licence, 'not stated');
  assert.deepEqual(pack.weights().text, { [`text_model.${name}`]: Float32Array.of(1, 2) });
});

test('no folder, no pack', (t) => {
  const folder = join(tempFolder(t), 'none');
  assert.throws(() => openPack(folder), { code: 'not-found', details: { file: folder } });
});

test('what is wrong is refused by file and reason', async (t) => {
  const whole = await smallPack(join(tempFolder(t), 'pack'));
  for (const { what, file, spoil, message, code = 'bad-pack', weights } of SPOILS) {
    await t.test(what, (s) => {
      const folder = join(tempFolder(s), 'pack');
      cpSync(whole, folder, { recursive: true });
      const path = join(folder, file);
      spoil(folder, path);
      const pack = weights && openPack(folder);
      assert.throws(pack ? pack.weights : () => openPack(folder), (error) => {
        assert.ok(error instanceof AppError, String(error));
        assert.deepEqual([error.code, error.details.file], [code, path]);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

test('the embedded pack has every weight of the networks its files describe, and no other', () => {
  const pack = openPack(EMBEDDED_PACK);
  const networks = { unet: pack.unet, text: pack.text, addedTokens: 0 };
  const b = new Builder();
  const [unet, text, vae] = [new Scope(b, 'unet/'), new Scope(b, 'text/'), new Scope(b, 'vae/')];
  denoise(unet, text, denoiseInputs(b, 1, pack.unet, pack.latentSize, pack.text.maxPositions), networks);
  packEncode(vae, b.input('image', [1, 3, pack.workingSize, pack.workingSize]));
  packDecode(vae, b.input('latent', [1, pack.unet.outChannels, pack.latentSize, pack.latentSize]));
  const weights = pack.weights();
  const sizes = (table: ParameterTable) =>
    Object.fromEntries([...table].map(([name, v]) => [name, sizeOf(v.shape)]).toSorted());
  const found = (part: Record<string, Float32Array>) =>
    Object.fromEntries(
      Object.entries(part)
        .map(([name, w]) => [name, w.length])
        .toSorted(),
    );
  assert.deepEqual(found(weights.unet), sizes(unet.table));
  assert.deepEqual(found(weights.text), sizes(text.table));
  assert.deepEqual(found(weights.autoencoder), sizes(vae.table));
  assert.ok(pack.words.length <= pack.text.vocabSize);
  assert.equal(pack.latentScale.mean.length, pack.unet.outChannels);
  assert.ok(pack.latentScale.std.every((s) => s > 0));
});
