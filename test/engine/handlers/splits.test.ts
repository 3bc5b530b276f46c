// Splits and parts as the user sets them: nothing crosses, every change has its way back, and the past stays as it was.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { defaultServices } from '../../../src/engine/default-services.ts';
import { chooseDataset } from '../../../src/engine/handlers/run-dataset.ts';
import { datasetRevision } from '../../../src/engine/store/dataset-revision.ts';
import { listProducts } from '../../../src/engine/store/products.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { put } from '../imaging/make-pictures.ts';
import { connect, resultOf } from '../support/connected.ts';
import { writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function plates(t: TestContext) {
  const folder = join(tempFolder(t), 'workspace');
  const { client } = connect(t, folder, {}, defaultServices());
  await client.workspace.init({});
  const source = await writePlate(tempFolder(t), { good: 6, each: 2 });
  const first = join(source, 'train/good/000.png');
  await put(source, 'test/good/again.png', await sharp(first).jpeg({ quality: 80 }).toBuffer());
  const bring = () =>
    resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: true }));
  await bring();
  const page = async (filter = {}) => (await client.pictures.page({ filter })).pictures;
  const splitOf = async (file: string) => (await page()).find((p) => p.file.endsWith(file))!.split;
  return { client, folder, bring, page, splitOf };
}

describe('splits', () => {
  test('a picture coded again is found, its leak named, mended by one call and taken back', async (t) => {
    const { client, splitOf } = await plates(t);
    const found = await resultOf(client.splits.prepare({}));
    assert.equal(found.groups, 1);
    assert.equal(found.pictures, 2);

    const { leaks, near } = await client.splits.overview({});
    assert.deepEqual(near, { groups: 1, pictures: 2, waiting: 0 });
    assert.equal(leaks.length, 1);
    assert.equal(leaks[0].reason, 'near-duplicate');
    assert.deepEqual([leaks[0].first.file, leaks[0].second.file].sort(), [
      'test/good/again.png',
      'train/good/000.png',
    ]);
    assert.deepEqual(await client.splits.mend({}), { changed: 1 });
    assert.equal(await splitOf('again.png'), 'train');
    assert.equal((await client.splits.overview({})).leaksTotal, 0);

    assert.deepEqual(await client.splits.undo({}), { changed: 1 });
    assert.equal(await splitOf('again.png'), 'test');
    assert.deepEqual(await client.splits.redo({}), { changed: 1 });
    assert.equal(await splitOf('again.png'), 'train');
    assert.deepEqual(await client.splits.redo({}), { changed: 0 });
  });

  test('setting one picture takes its companions along, unless told not to', async (t) => {
    const { client, page, splitOf } = await plates(t);
    await resultOf(client.splits.prepare({}));
    const own = (await page()).find((p) => p.file.endsWith('good/000.png'))!;
    assert.deepEqual(own.flags, ['leak', 'near-duplicate']);
    await client.splits.set({ select: { ids: [own.id] }, split: 'validation', together: true });
    assert.equal(await splitOf('again.png'), 'validation');
    await client.splits.set({ select: { ids: [own.id] }, split: 'train', together: false });
    assert.equal(await splitOf('again.png'), 'validation');
    const { pictures } = await client.splits.together({ picture: own.id });
    assert.deepEqual(
      pictures.map(({ link }) => link),
      ['self', 'near-duplicate'],
    );
    await client.splits.set({ select: { filter: { type: 'dent' } }, split: null, together: true });
    assert.equal((await page({ split: 'none' })).length, 2);
  });

  test('parts are named by an expression, with a preview that changes nothing', async (t) => {
    const { client, page } = await plates(t);
    const preview = await client.splits.parts({ pattern: '(\\d)\\.png$', dryRun: true });
    assert.equal(preview.parts, 6);
    assert.equal(preview.unmatched, 1);
    assert.deepEqual(preview.strangers, ['test/good/again.png']);
    assert.equal((await page()).filter(({ group }) => group !== null).length, 0);
    await client.splits.parts({ pattern: '(\\d)\\.png$' });
    const { parts, partUnknown, leaksTotal } = await client.splits.overview({});
    assert.deepEqual([parts, partUnknown, leaksTotal], [6, 1, 2]);
    await assert.rejects(client.splits.parts({ pattern: '(', dryRun: true }), { code: 'usage' });
    await assert.rejects(client.splits.parts({ pattern: '^(([a-z/0-9._]+)+)+!$', dryRun: true }), {
      code: 'usage',
    });
  });

  test('a rule divides without a leak; its preview changes nothing', async (t) => {
    const { client, page } = await plates(t);
    await client.splits.parts({ pattern: '(\\d)\\.png$' });
    const shares = { train: 60, validation: 20, test: 20 };
    const before = await page();
    const preview = await client.splits.rule({ shares, seed: 4, dryRun: true });
    assert.deepEqual(await page(), before);
    const { counts } = await client.splits.rule({ shares, seed: 4 });
    assert.deepEqual(counts, preview.counts);
    const overview = await client.splits.overview({});
    assert.equal(overview.leaksTotal, 0);
    assert.equal(overview.undo?.kind, 'rule');
  });

  test('a dataset of the past keeps its splits, and an import keeps what the user set', async (t) => {
    const { client, folder, bring, page, splitOf } = await plates(t);
    const revisionAt = (asOf?: number): string => {
      const workspace = openWorkspaceForReading(folder);
      try {
        return datasetRevision(workspace.db, listProducts(workspace.db)[0].id, asOf);
      } finally {
        workspace.close();
      }
    };
    const first = revisionAt();
    const then = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const own = (await page()).find((p) => p.file.endsWith('dent/000.png'))!;
    await client.splits.set({ select: { ids: [own.id] }, split: 'train', together: false });
    assert.notEqual(revisionAt(), first);
    assert.equal(revisionAt(then), first);
    const { unchanged, changed } = await bring();
    assert.deepEqual([unchanged, changed], [11, 0]);
    assert.equal(await splitOf('dent/000.png'), 'train');
    await client.splits.undo({});
    assert.equal(revisionAt(), first);
  });

  test('a defect that the user put into test or validation is never a shot, and is held out', async (t) => {
    const { client, folder, page } = await plates(t);
    const choice = () => {
      const workspace = openWorkspaceForReading(folder);
      try {
        const [product] = listProducts(workspace.db);
        const { shots, heldOut } = chooseDataset(workspace, product, { shots: null, shotSeed: 0 });
        return { shots: shots.map(({ file }) => file), heldOut: heldOut.map(({ file }) => file) };
      } finally {
        workspace.close();
      }
    };
    const before = choice();
    assert.equal(before.shots.length, 4);
    const own = (await page()).find((p) => p.file.endsWith('dent/000.png'))!;
    await client.splits.set({ select: { ids: [own.id] }, split: 'validation', together: false });
    const after = choice();
    assert.deepEqual(
      after.shots,
      before.shots.filter((file) => file !== own.file),
    );
    assert.deepEqual(after.heldOut, [own.file]);
  });
});
