// Which packs there are, by which names they are found, and that a pack's hash is its content.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { EMBEDDED_PACK, packService } from '../../../src/engine/packs/pack-service.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { changeJson, smallPack } from './small-pack.ts';

test('the embedded pack comes first, then those of the workspace by name; other folders are none', async (t) => {
  const folder = tempFolder(t);
  await smallPack(join(folder, 'second'));
  cpSync(join(folder, 'second'), join(folder, 'first'), { recursive: true });
  mkdirSync(join(folder, 'notes'));
  writeFileSync(join(folder, 'model_index.json'), '{}');
  const names = async (at: string | null) =>
    (await packService.list(at)).map(({ name, kind, path }) => [name, kind, path]);
  const embedded = ['embedded', 'embedded', EMBEDDED_PACK];
  assert.deepEqual(await names(folder), [
    embedded,
    ['first', 'workspace', join(folder, 'first')],
    ['second', 'workspace', join(folder, 'second')],
  ]);
  assert.deepEqual(await names(null), [embedded]);
  assert.deepEqual(await names(join(folder, 'none')), [embedded]);
});

test("a pack is found by nothing, by its name in the workspace, or by its folder's path", async (t) => {
  const folder = tempFolder(t);
  const own = await smallPack(join(folder, 'packs', 'metal'));
  const other = join(folder, 'elsewhere');
  cpSync(own, other, { recursive: true });
  changeJson(other, 'flawsmith.json', { licence: 'MIT' });
  const found = async (name: string | null) => {
    const { kind, path, licence, workingSize } = await packService.resolve(name, join(folder, 'packs'));
    return [kind, path, licence, workingSize];
  };
  const embedded = await packService.resolve(null, null);
  assert.deepEqual([embedded.kind, embedded.path], ['embedded', EMBEDDED_PACK]);
  assert.match(embedded.hash, /^[0-9a-f]{64}$/);
  assert.deepEqual(await packService.resolve('embedded', join(folder, 'packs')), embedded);
  assert.deepEqual(await found('metal'), ['workspace', own, 'Apache-2.0', 128]);
  assert.deepEqual(await found(other), ['folder', other, 'MIT', 128]);
  assert.deepEqual(await found(relative(process.cwd(), other)), ['folder', other, 'MIT', 128]);
});

test('a name that is no pack is not found; a folder that is none is refused by its file', async (t) => {
  const folder = tempFolder(t);
  await assert.rejects(packService.resolve('wood', folder), {
    code: 'not-found',
    message: /there is no pack "wood"/,
  });
  mkdirSync(join(folder, 'empty'));
  await assert.rejects(packService.resolve(join(folder, 'empty'), null), {
    code: 'bad-pack',
    message: /no flawsmith\.json/,
  });
});

test('the hash changes with every byte and every name, and with nothing else', async (t) => {
  const folder = tempFolder(t);
  const pack = await smallPack(join(folder, 'a'));
  const hash = async (path: string) => (await packService.resolve(path, null)).hash;
  const original = await hash(pack);
  const copy = join(folder, `b${sep}deeper`);
  cpSync(pack, copy, { recursive: true });
  utimesSync(join(copy, 'flawsmith.json'), 1, 1);
  mkdirSync(join(copy, 'empty folder'));
  assert.equal(await hash(copy), original, 'place, time and empty folders are not content');

  const seen = new Set([original]);
  const assertNew = async (what: string) => {
    const now = await hash(copy);
    assert.ok(!seen.has(now), what);
    seen.add(now);
  };
  const weights = join(copy, 'unet/diffusion_pytorch_model.safetensors');
  const bytes = readFileSync(weights);
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] ^= 1;
  writeFileSync(weights, changed);
  await assertNew('the last bit of the weights');
  writeFileSync(weights, bytes);
  assert.equal(await hash(copy), original);
  writeFileSync(join(copy, 'README.md'), '');
  await assertNew('one more file');
  renameSync(join(copy, 'README.md'), join(copy, 'README.txt'));
  await assertNew('the same file by another name');
  renameSync(join(copy, 'README.txt'), join(copy, 'unet/README.txt'));
  await assertNew('the same file elsewhere');
  changeJson(copy, 'scheduler/scheduler_config.json', { skip_prk_steps: true });
  await assertNew('another key in the scheduler config');
});

test('inspecting counts parameters and bytes', async (t) => {
  const folder = await smallPack(join(tempFolder(t), 'pack'));
  const details = await packService.inspect(await packService.resolve(folder, null));
  assert.deepEqual(details.parameters, { unet: 76, text_encoder: 15, autoencoder: 6 });
  assert.deepEqual(
    [details.inputChannels, details.workingSize, details.predictionType, details.licence],
    [24, 128, 'v_prediction', 'Apache-2.0'],
  );
  const before = details.bytes as number;
  writeFileSync(join(folder, 'unet/notes.txt'), 'twelve bytes');
  const after = await packService.inspect(await packService.resolve(folder, null));
  assert.equal(after.bytes, before + 12);
});
