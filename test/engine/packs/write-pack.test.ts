// A written pack opens with the numbers it was given, at half precision, and is the same file for file each time.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { packDecode, packEncode } from '../../../src/core/nets/pack-autoencoder.ts';
import { type ParameterTable, Scope } from '../../../src/core/nets/scope.ts';
import { LATENT, WINDOW } from '../../../src/core/recipes/pack/condition.ts';
import { WORDS } from '../../../src/core/render/words.ts';
import { openPack } from '../../../src/engine/packs/pack.ts';
import { packHash } from '../../../src/engine/packs/pack-files.ts';
import { writePack } from '../../../src/engine/packs/write-pack.ts';
import { unetProgram } from '../../../src/engine/training/pack/train-unet.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { exactPart, smallContent } from './small-pack.ts';

/** Tables of the networks that pack training trains. */
function realTables(): Record<'unet' | 'text' | 'autoencoder', ParameterTable> {
  const { parameters } = unetProgram(1);
  const of = (prefix: string): ParameterTable =>
    new Map([...parameters].flatMap(([n, v]) => (n.startsWith(prefix) ? [[n.slice(prefix.length), v]] : [])));
  const s = new Scope(new Builder());
  packEncode(s, s.b.input('image', [1, 3, WINDOW, WINDOW]));
  packDecode(s, s.b.input('latent', [1, 4, LATENT, LATENT]));
  return { unet: of('unet/'), text: of('text/'), autoencoder: s.table };
}

test('the real networks make the whole way to a folder and back, number for number', async (t) => {
  const folder = join(tempFolder(t), 'pack');
  const tables = realTables();
  const content = {
    unet: exactPart(tables.unet),
    text: exactPart(tables.text),
    autoencoder: exactPart(tables.autoencoder),
    latentScale: { mean: [0.1, -2, 3, 4], std: [1, 2, 3.5, 0.25] },
    trained: {},
  };
  await writePack(folder, content);
  const pack = openPack(folder);
  const weights = pack.weights();
  const bytes = (a: Float32Array) => Buffer.from(a.buffer, a.byteOffset, a.byteLength);
  for (const part of ['unet', 'text', 'autoencoder'] as const) {
    const wanted = content[part].weights;
    assert.deepEqual(Object.keys(weights[part]).toSorted(), Object.keys(wanted).toSorted());
    for (const name of Object.keys(wanted))
      assert.ok(bytes(weights[part][name]).equals(bytes(wanted[name])), `${part} ${name}`);
  }
  assert.deepEqual(pack.latentScale, content.latentScale);
  assert.deepEqual(pack.words, WORDS);
  const numbers = [...tables.unet.values()].reduce((n, v) => n + v.shape.reduce((p, d) => p * d, 1), 0);
  const { size } = statSync(join(folder, 'unet/diffusion_pytorch_model.safetensors'));
  assert.ok(size > 2 * numbers && size < 2 * numbers + 200_000, `two bytes a number: ${size} for ${numbers}`);
});

test('weights are rounded to the nearest half float', async (t) => {
  const folder = join(tempFolder(t), 'pack');
  const content = smallContent();
  content.unet.weights['conv_in.bias'].set([1 / 3, -0.1, 1e-7, 2049]);
  await writePack(folder, content);
  assert.deepEqual(
    openPack(folder).weights().unet['conv_in.bias'],
    Float32Array.of(0.333251953125, -0.0999755859375, 2 * 2 ** -24, 2048),
  );
});

test('the same content gives the same bytes; files are those of the diffusers layout', async (t) => {
  const [first, second] = [join(tempFolder(t), 'one'), join(tempFolder(t), 'two')];
  await writePack(first, smallContent());
  await writePack(second, smallContent());
  assert.equal(packHash(first), packHash(second));
  const files = readdirSync(first, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) =>
      join(e.parentPath, e.name)
        .slice(first.length + 1)
        .replaceAll('\\', '/'),
    );
  assert.deepEqual(files.toSorted(), [
    'flawsmith.json',
    'model_index.json',
    'scheduler/scheduler_config.json',
    'text_encoder/config.json',
    'text_encoder/model.safetensors',
    'tokenizer/vocab.json',
    'unet/config.json',
    'unet/diffusion_pytorch_model.safetensors',
    'vae/config.json',
    'vae/model.safetensors',
  ]);
  const json = (name: string) => JSON.parse(readFileSync(join(first, name), 'utf8'));
  assert.deepEqual(
    Object.keys(json('tokenizer/vocab.json')).map((word) => json('tokenizer/vocab.json')[word]),
    WORDS.map((_, id) => id),
  );
  assert.deepEqual(json('flawsmith.json').trained, { unet_steps: 3 });
});

test('a pack is written over an older one', async (t) => {
  const folder = join(tempFolder(t), 'pack');
  await writePack(folder, smallContent());
  const newer = { ...smallContent(), latentScale: { mean: [0, 0, 0, 0], std: [1, 1, 1, 1] } };
  newer.autoencoder.weights['encoder.conv_in.weight'].fill(2);
  await writePack(folder, newer);
  const pack = openPack(folder);
  assert.deepEqual(pack.latentScale, newer.latentScale);
  assert.deepEqual(pack.weights().autoencoder['encoder.conv_in.weight'], new Float32Array(6).fill(2));
});
