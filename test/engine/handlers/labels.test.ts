// Labels through the contract on a real workspace: steps are kept, masks reach the dataset, imports do not undo them.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LabelStep } from '../../../src/core/labels/step.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { chooseDataset } from '../../../src/engine/handlers/run-dataset.ts';
import { decodeMask, encodeMaskPng } from '../../../src/engine/imaging/index.ts';
import { listBlobReferences } from '../../../src/engine/store/blob-references.ts';
import { datasetRevision } from '../../../src/engine/store/dataset-revision.ts';
import { listImages } from '../../../src/engine/store/images.ts';
import { findProduct } from '../../../src/engine/store/products.ts';
import { openWorkspaceForReading, type ReadableWorkspace } from '../../../src/engine/workspace.ts';
import { boxMask, encoded, put, testRaster } from '../imaging/make-pictures.ts';
import { connect, resultOf } from '../support/connected.ts';
import { fakeServices } from '../support/fake-services.ts';
import { tempFolder } from '../support/temp-folder.ts';

const W = 40;
const H = 30;

async function setup(t: TestContext) {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'part');
  for (const [i, file] of [
    'train/good/a.png',
    'train/good/b.png',
    'test/good/c.png',
    'test/dent/d.png',
  ].entries())
    await put(source, file, await encoded(testRaster(W, H, 3, false, i)));
  await put(source, 'ground_truth/dent/d_mask.png', await encodeMaskPng(boxMask(W, H, 4, 5, 6, 7)));
  const services = { ...fakeServices(), datasets: defaultServices().datasets };
  const { client } = connect(t, folder, {}, services);
  await client.workspace.init({});
  const add = async () => {
    const input = { source, layout: 'auto', dryRun: false, skipBad: false, product: 'part' } as const;
    const { added, changed, unchanged } = await resultOf(client.datasets.import(input));
    return [added, changed, unchanged];
  };
  assert.deepEqual(await add(), [4, 0, 0]);
  const reading = <T>(work: (workspace: ReadableWorkspace) => T): T => {
    const workspace = openWorkspaceForReading(folder);
    try {
      return work(workspace);
    } finally {
      workspace.close();
    }
  };
  const idOf = async (name: string): Promise<string> =>
    (await client.labels.queue({})).pictures.find((p) => p.file.endsWith(name))!.id;
  const rows = (name: string) =>
    reading((w) =>
      listImages(w.db, findProduct(w.db, 'part')!.id)
        .filter((i) => i.file.endsWith(name))
        .map((i) => `${i.role} ${i.type} ${i.maskAreaPx}`)
        .sort(),
    );
  const send = (picture: string, at: number, step: LabelStep, id = randomUUID()) =>
    client.labels.append({ picture, subject: 'picture', at, id, step });
  const settle = (picture: string) => client.labels.settle({ picture, subject: 'picture' });
  const revision = () => reading((w) => datasetRevision(w.db, findProduct(w.db, 'part')!.id));
  return { client, folder, add, reading, idOf, rows, send, settle, revision };
}

const box = (layer: string, x: number, y: number, width: number, height: number): LabelStep => ({
  kind: 'rectangle',
  layer,
  add: true,
  x,
  y,
  width,
  height,
});

test('what is painted is in the dataset, and taking it back gives the dataset as it was', async (t) => {
  const { client, idOf, rows, send, settle, revision, reading } = await setup(t);
  const before = revision();
  const picture = await idOf('a.png');
  const scratch = await client.labels.addType({ name: 'scratch' });
  const dent = (await client.labels.types({})).types.find((type) => type.name === 'dent')!;
  assert.equal(dent.pictures, 1);
  await send(picture, 0, box(scratch.id, 3, 4, 5, 6));
  await send(picture, 1, { kind: 'brush', layer: scratch.id, add: false, points: [11, 13], size: 1 });
  await send(picture, 2, { kind: 'brush', layer: dent.id, add: true, points: [61, 41], size: 1 });
  assert.deepEqual(rows('a.png'), ['normal null null'], 'masks are written when they are needed');
  assert.deepEqual(await settle(picture), { changed: true });
  assert.deepEqual(rows('a.png'), ['defect dent 1', 'defect scratch 29']);
  assert.notEqual(revision(), before);
  const found = reading((w) => {
    const product = findProduct(w.db, 'part')!;
    const image = listImages(w.db, product.id).find((i) => i.type === 'scratch')!;
    const dataset = chooseDataset(w, product, { shots: null, shotSeed: 0 });
    assert.deepEqual(dataset.types, ['dent', 'scratch']);
    return w.blobs.path(image.maskBlob!);
  });
  const { mask } = await decodeMask(found, { width: W, height: H });
  assert.equal(mask.data[6 * W + 5], 0, 'the hole of one pixel');
  assert.equal(mask.data[6 * W + 4], 1);

  const opened = await client.labels.open({ picture, subject: 'picture' });
  assert.deepEqual(
    [opened.document.head, opened.document.steps.length, opened.picture.role],
    [3, 3, 'defect'],
  );
  await client.labels.setHead({ picture, subject: 'picture', head: 0 });
  await settle(picture);
  assert.deepEqual(rows('a.png'), ['normal null null']);
  assert.equal(revision(), before);
  await client.labels.setHead({ picture, subject: 'picture', head: 2 });
  await settle(picture);
  assert.deepEqual(rows('a.png'), ['defect scratch 29']);
});

test('a step sent twice counts once; a step for an older label is refused', async (t) => {
  const { client, idOf, send } = await setup(t);
  const picture = await idOf('d.png');
  const dent = (await client.labels.types({})).types[0].id;
  const id = randomUUID();
  assert.deepEqual(await send(picture, 0, box(dent, 0, 0, 3, 3), id), { head: 1 });
  assert.deepEqual(await send(picture, 0, box(dent, 0, 0, 3, 3), id), { head: 1 });
  await assert.rejects(send(picture, 0, box(dent, 9, 9, 3, 3)), { code: 'usage' });
  await assert.rejects(client.labels.setHead({ picture, subject: 'picture', head: 2 }), { code: 'usage' });
  const { document } = await client.labels.open({ picture, subject: 'picture' });
  assert.equal(document.steps.length, 1);
});

test('an imported mask is edited, not replaced; erased wholly the picture waits for a label', async (t) => {
  const { client, idOf, rows, send, settle } = await setup(t);
  const picture = await idOf('d.png');
  const dent = (await client.labels.types({})).types[0].id;
  await send(picture, 0, box(dent, 0, 0, 2, 2));
  await settle(picture);
  assert.deepEqual(rows('d.png'), ['defect dent 46']);
  await send(picture, 1, { kind: 'clear', layer: dent });
  await settle(picture);
  assert.deepEqual(rows('d.png'), ['unlabelled null null']);
  await send(picture, 2, { kind: 'mark', as: 'defect', type: dent });
  await settle(picture);
  assert.deepEqual(rows('d.png'), ['defect dent null']);
  const todo = await client.labels.queue({ filter: 'unlabelled' });
  assert.deepEqual([todo.total, todo.unlabelled, todo.pictures[0].types], [1, 1, ['dent']]);
});

test('training and export settle what is painted; an import that says nothing new leaves it', async (t) => {
  const { client, folder, idOf, rows, send, add, reading } = await setup(t);
  const picture = await idOf('b.png');
  const dent = (await client.labels.types({})).types[0].id;
  await send(picture, 0, box(dent, 2, 2, 4, 4));
  assert.deepEqual(await add(), [0, 0, 4], 'the import settles first and finds nothing new');
  assert.deepEqual(rows('b.png'), ['defect dent 16']);
  await send(picture, 1, { kind: 'mark', as: 'normal', type: null });
  await send(await idOf('d.png'), 0, box('ignore', 0, 0, 4, 4));
  const out = `${folder}-out`;
  await resultOf(client.exports.export({ format: 'mvtec', out, parts: 'real' }));
  assert.deepEqual(rows('b.png'), ['normal null null']);
  const zone = reading((w) => listImages(w.db, findProduct(w.db, 'part')!.id).find((i) => i.ignoreBlob)!);
  assert.equal(zone.file.endsWith('d.png'), true);
  assert.ok(reading((w) => listBlobReferences(w.db)).some(({ blob }) => blob === zone.ignoreBlob));
});

test('the foreground is painted once for all pictures of a size', async (t) => {
  const { client, idOf, reading } = await setup(t);
  const [a, b] = [await idOf('a.png'), await idOf('b.png')];
  const first = await client.labels.open({ picture: a, subject: 'foreground' });
  assert.equal(first.document.base.masks[0].layer, 'foreground');
  const step = { ...box('foreground', 0, 0, W, 10), add: false } as LabelStep;
  await client.labels.append({ picture: a, subject: 'foreground', at: 0, id: randomUUID(), step });
  assert.equal((await client.labels.open({ picture: b, subject: 'foreground' })).document.head, 1);
  await client.labels.settle({ picture: b, subject: 'foreground' });
  const blobs = reading((w) => listImages(w.db, findProduct(w.db, 'part')!.id).map((i) => i.foregroundBlob));
  assert.ok(blobs[0] && blobs.every((blob) => blob === blobs[0]));
  const stray = { kind: 'mark', as: 'normal', type: null } as const;
  const bad = { picture: a, subject: 'foreground' as const, at: 1, id: randomUUID(), step: stray };
  await assert.rejects(client.labels.append(bad), { code: 'usage' });
});

test('types are added, renamed and removed only where nothing is lost by it', async (t) => {
  const { client, idOf, send } = await setup(t);
  const stain = await client.labels.addType({ name: ' stain ' });
  assert.equal(stain.name, 'stain');
  await assert.rejects(client.labels.addType({ name: 'Stain' }), { code: 'usage' });
  assert.equal(
    (await client.labels.changeType({ id: stain.id, name: 'spot', colour: '#112233' })).colour,
    '#112233',
  );
  await send(await idOf('a.png'), 0, box(stain.id, 1, 1, 2, 2));
  await assert.rejects(client.labels.removeType({ id: stain.id }), { code: 'usage' });
  const other = await client.labels.addType({ name: 'other' });
  await client.labels.removeType({ id: other.id });
  assert.deepEqual(
    (await client.labels.types({})).types.map((type) => type.name),
    ['dent', 'spot'],
  );
});

test('the list goes on by name, and finds the most similar good picture', async (t) => {
  const { client, idOf } = await setup(t);
  const all = (await client.labels.queue({})).pictures.map((p) => p.id);
  assert.equal(all.length, 4);
  const second = await client.labels.neighbour({ picture: all[0], step: 1 });
  assert.deepEqual(second, { picture: all[1], place: 1 });
  assert.deepEqual((await client.labels.neighbour({ picture: all[3], step: 1 })).picture, null);
  const good = await client.labels.neighbour({ picture: all[3], filter: 'defect', step: -1 });
  assert.equal(good.picture, (await client.labels.queue({ filter: 'defect' })).pictures[0]?.id ?? null);
  const near = await client.labels.nearest({ picture: await idOf('d.png') });
  assert.ok(near.picture !== null && near.picture !== (await idOf('d.png')));
});

test('steps that do not fit are refused', async (t) => {
  const { idOf, send } = await setup(t);
  const picture = await idOf('a.png');
  const region = { x: 38, y: 0, width: 4, height: 1, counts: '04' };
  const step: LabelStep = { kind: 'region', layer: 'ignore', tool: 'wand', add: region, remove: null };
  await assert.rejects(send(picture, 0, step), { code: 'bad-mask' });
  await assert.rejects(send(picture, 0, { ...step, add: { ...region, x: 0, counts: '0' } }), {
    code: 'bad-mask',
  });
  await assert.rejects(send(picture, 0, box('01ARZ3NDEKTSV4RRFFQ69G5FAV', 0, 0, 1, 1)), { code: 'usage' });
  await assert.rejects(
    send(picture, 0, { kind: 'brush', layer: 'ignore', add: true, points: [1], size: 1 }),
    { code: 'usage' },
  );
});
