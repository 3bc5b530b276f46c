// Packs a workspace knows of: added where they lie, noticed when they change or vanish, forgotten without a trace.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packService } from '../../../src/engine/packs/pack-service.ts';
import type { AddPackRequest } from '../../../src/engine/services.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { put, writeTinyLdm, writeTinySd } from './tiny-sd.ts';

const call = { signal: new AbortController().signal };

function workspace(t: TestContext) {
  const folder = tempFolder(t);
  const packs = join(folder, 'packs');
  const add = (request: Partial<AddPackRequest> & { path: string }) =>
    packService.add({ with: null, variant: null, name: null, ...request }, packs, call);
  const listed = async () =>
    (await packService.list(packs)).slice(1).map(({ name, problem }) => [name, problem] as const);
  return { folder, packs, add, listed };
}

test('a pack is added in place: nothing is copied, and it is found by name and by path', async (t) => {
  const { folder, packs, add, listed } = workspace(t);
  const path = writeTinySd(join(folder, 'my model'));
  const before = readdirSync(path);
  const { pack, details } = await add({ path });
  assert.deepEqual([pack.name, pack.path, pack.workingSize, pack.problem], ['my-model', path, 8, null]);
  assert.match(pack.hash, /^[0-9a-f]{64}$/);
  assert.equal(details.task, 'text-to-image');
  assert.deepEqual(readdirSync(path), before);
  assert.deepEqual(readdirSync(packs), ['my-model.pack.json']);
  assert.ok(statSync(join(packs, 'my-model.pack.json')).size < 10_000);
  assert.deepEqual(await listed(), [['my-model', null]]);
  for (const reference of ['my-model', path]) {
    assert.deepEqual(await packService.resolve(reference, packs), pack);
  }
});

test('the hash is the content: the same model elsewhere has it, another one has not', async (t) => {
  const { folder, add } = workspace(t);
  const one = await add({ path: writeTinySd(join(folder, 'one')) });
  const two = await add({ path: writeTinySd(join(folder, 'two')) });
  const three = await add({ path: writeTinySd(join(folder, 'three'), { dtype: 'F16' }) });
  assert.equal(one.pack.hash, two.pack.hash);
  assert.notEqual(one.pack.hash, three.pack.hash);
});

test('names: the wanted one, a free one, none that means something else', async (t) => {
  const { folder, add, listed } = workspace(t);
  const path = writeTinySd(join(folder, 'a', 'model'));
  await add({ path, name: 'sd' });
  await add({ path: writeTinySd(join(folder, 'b', 'model')) });
  await add({ path: writeTinySd(join(folder, 'c', 'model')) });
  await add({ path, name: 'sd' });
  assert.deepEqual(
    (await listed()).map(([name]) => name),
    ['model', 'model-2', 'sd'],
  );
  for (const name of ['embedded', 'list', '..', 'a b', '-x'])
    await assert.rejects(add({ path, name }), { code: 'usage', message: /cannot be called/ });
  const other = join(folder, 'b', 'model');
  await assert.rejects(add({ path: other, name: 'sd' }), { code: 'usage', message: /already/ });
});

test('a changed or vanished file is told by its name, a touched one is not', async (t) => {
  const { folder, packs, add, listed } = workspace(t);
  const path = writeTinySd(join(folder, 'model'));
  await add({ path });
  const file = join(path, 'vae/diffusion_pytorch_model.safetensors');
  utimesSync(file, 1, 1);
  assert.deepEqual(await listed(), [['model', null]]);

  const bytes = readFileSync(file);
  const changed = Buffer.from(bytes);
  changed[changed.length - 2] ^= 1;
  writeFileSync(file, changed);
  await assert.rejects(packService.resolve('model', packs), {
    code: 'bad-pack',
    message: /has changed since/,
  });
  assert.match((await listed())[0][1] as string, /changed since it was added .*vae/);
  writeFileSync(file, bytes);
  assert.equal((await packService.resolve('model', packs)).problem, null);

  renameSync(path, join(folder, 'moved'));
  await assert.rejects(packService.resolve('model', packs), { code: 'not-found', message: /is gone/ });
  assert.match((await listed())[0][1] as string, /is gone/);
});

test('a pack is forgotten, and its files stay; a damaged note says so and can be forgotten too', async (t) => {
  const { folder, packs, add, listed } = workspace(t);
  const path = writeTinyLdm(join(folder, 'model.safetensors'));
  await add({ path });
  assert.deepEqual(await packService.remove('model', packs), { path });
  assert.deepEqual([await listed(), statSync(path).isFile()], [[], true]);
  await assert.rejects(packService.remove('model', packs), { code: 'not-found' });
  put(join(packs, 'broken.pack.json'), '{"version":1');
  assert.match((await listed())[0][1] as string, /note about this pack is damaged/);
  await assert.rejects(packService.resolve('broken', packs), { code: 'corrupt' });
  await packService.remove('broken', packs);
  assert.deepEqual(await listed(), []);
});

test('what cannot be used is not added', async (t) => {
  const { folder, packs, add } = workspace(t);
  const path = writeTinySd(join(folder, 'xl'), { index: { _class_name: 'StableDiffusionXLPipeline' } });
  await assert.rejects(add({ path }), { code: 'unsupported', message: /StableDiffusionXLPipeline/ });
  await assert.rejects(add({ path: join(folder, 'none') }), { code: 'not-found' });
  const stopped = { signal: AbortSignal.abort() };
  const request = { path: writeTinySd(join(folder, 'ok')), with: null, variant: null, name: null };
  await assert.rejects(packService.add(request, packs, stopped), { name: 'AbortError' });
  assert.deepEqual(await packService.list(packs).then((list) => list.length), 1);
});

test('a model is inspected without adding it, and is no pack for products', async (t) => {
  const { folder } = workspace(t);
  const path = writeTinySd(join(folder, 'model'));
  const info = await packService.resolve(path, null, { quick: true });
  assert.deepEqual([info.hash, info.what], ['', 'Stable Diffusion 1.x text-to-image, diffusers folder']);
  assert.equal((await packService.inspect(info)).task, 'text-to-image');
  const { openPack } = await import('../../../src/engine/packs/pack.ts');
  assert.throws(() => openPack(path), { code: 'unsupported', message: /no window pack/ });
});
