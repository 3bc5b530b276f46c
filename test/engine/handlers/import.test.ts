// Importing: idempotent, all or nothing, and a dry run writes nothing.

import assert from 'node:assert/strict';
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Inputs } from '../../../src/contract/contract.ts';
import { AppError } from '../../../src/core/base/errors.ts';
import { listImages } from '../../../src/engine/store/images.ts';
import { findProduct } from '../../../src/engine/store/products.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { collect, connect, resultOf } from '../support/connected.ts';
import { writeSource } from '../support/fake-services.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Import = Inputs['datasets']['import'];

async function setup(t: TestContext) {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'source');
  await writeSource(source, { good: 4, crack: 2, scratch: 1 });
  const { client, close } = connect(t, folder);
  await client.workspace.init({});
  const base: Import = { source, layout: 'auto', dryRun: false, skipBad: false };
  const add = (change: Partial<Import> = {}) => resultOf(client.datasets.import({ ...base, ...change }));
  const images = () => {
    const workspace = openWorkspaceForReading(folder);
    try {
      return listImages(workspace.db, findProduct(workspace.db, 'part')?.id ?? '');
    } finally {
      workspace.close();
    }
  };
  return { folder, source, client, close, base, add, images };
}

const counts = (r: { added: number; changed: number; unchanged: number }) => [
  r.added,
  r.changed,
  r.unchanged,
];

test('pictures, types and masks arrive; the same folder again adds nothing', async (t) => {
  const { add, images } = await setup(t);
  assert.deepEqual(counts(await add()), [7, 0, 0]);
  const before = images();
  assert.deepEqual(before.map((i) => [i.file, i.role, i.type, i.maskBlob !== null]).slice(0, 3), [
    ['crack/0.png', 'defect', 'crack', true],
    ['crack/1.png', 'defect', 'crack', true],
    ['good/0.png', 'normal', null, false],
  ]);
  assert.deepEqual(counts(await add()), [0, 0, 7]);
  assert.deepEqual(images(), before);
});

test('a changed picture gets a successor, a changed mask a revision, a new file is added', async (t) => {
  const { source, add, images } = await setup(t);
  await add();
  const before = new Map(images().map((i) => [i.file, i]));
  writeFileSync(join(source, 'good/0.png'), 'other bytes');
  writeFileSync(join(source, 'crack/0.mask'), 'other mask');
  writeFileSync(join(source, 'good/9.png'), 'new');
  assert.deepEqual(counts(await add()), [1, 2, 5]);
  const after = new Map(images().map((i) => [i.file, i]));
  assert.equal(after.size, 8);
  assert.notEqual(after.get('good/0.png')!.id, before.get('good/0.png')!.id);
  assert.equal(after.get('crack/0.png')!.id, before.get('crack/0.png')!.id);
  assert.notEqual(after.get('crack/0.png')!.maskBlob, before.get('crack/0.png')!.maskBlob);
  assert.deepEqual(counts(await add()), [0, 0, 8]);
});

test('a dry run reports the same and writes nothing, not even a workspace', async (t) => {
  const { folder, source, base, add, close, images } = await setup(t);
  assert.deepEqual(counts(await add({ dryRun: true })), [7, 0, 0]);
  assert.deepEqual(images(), []);
  await close();
  rmSync(folder, { recursive: true });
  const { client } = connect(t, folder);
  assert.deepEqual(counts(await resultOf(client.datasets.import({ ...base, dryRun: true }))), [7, 0, 0]);
  assert.throws(() => statSync(folder));
  assert.deepEqual(readdirSync(source), ['crack', 'good', 'scratch']);
});

test('one bad file stops the whole import, and says which', async (t) => {
  const { folder, source, client, base, images } = await setup(t);
  writeFileSync(join(source, 'good/2.png'), 'bad');
  await assert.rejects(resultOf(client.datasets.import(base)), (e: unknown) => {
    return (
      e instanceof AppError &&
      e.code === 'bad-image' &&
      e.details.file === 'good/2.png' &&
      /--skip-bad/.test(e.details.hint!)
    );
  });
  assert.deepEqual(images(), []);
  assert.deepEqual(readdirSync(join(folder, 'blobs')), []);
});

test('with skipBad the others come in, the bad one is reported', async (t) => {
  const { source, client, base } = await setup(t);
  writeFileSync(join(source, 'good/2.png'), 'bad');
  const events = await collect(client.datasets.import({ ...base, skipBad: true }));
  const problems = events.filter((e) => e.event === 'problem');
  assert.deepEqual(
    problems.map((p) => 'file' in p && p.file),
    ['good/2.png'],
  );
  const result = events.at(-1)! as { added: number; rejected: number };
  assert.deepEqual([result.added, result.rejected], [6, 1]);
});

test('a source that changes in mid-import leaves nothing behind', async (t) => {
  const { folder, client, base, source, images } = await setup(t);
  const stream = await client.datasets.import(base);
  await assert.rejects(
    async () => {
      for await (const event of stream) {
        if (event.event === 'progress' && event.phase === 'store' && event.done === 1) {
          // Too late for files already copied, too early for the last one.
          writeFileSync(join(source, 'scratch/0.png'), 'changed');
        }
      }
      // Small imports may finish before the change is seen; then there is nothing to test.
      throw new AppError('bad-dataset', 'finished first');
    },
    (e: unknown) => e instanceof AppError && e.code === 'bad-dataset',
  );
  if (images().length === 0) {
    const { client: other } = { client };
    const report = await resultOf(other.workspace.doctor({ repair: false }));
    assert.deepEqual([report.blobs, report.notes], [0, 0], `nothing unused lies in ${folder}`);
  }
});

test('a damaged blob is mended by importing its folder again', async (t) => {
  const { client, add, images, folder } = await setup(t);
  await add();
  const blob = images()[0].blob;
  writeFileSync(join(folder, 'blobs', blob.slice(0, 2), blob.slice(2, 4), blob), 'damaged');
  await assert.rejects(
    resultOf(client.workspace.doctor({ repair: true })),
    (e: unknown) => e instanceof AppError && e.code === 'corrupt',
  );
  assert.deepEqual(counts(await add()), [0, 0, 7]);
  assert.equal((await resultOf(client.workspace.doctor({ repair: false }))).healthy, true);
});

test('two products keep apart', async (t) => {
  const { client, add } = await setup(t);
  await add();
  assert.deepEqual(counts(await add({ product: 'other' })), [7, 0, 0]);
  const info = await client.workspace.info({});
  assert.deepEqual(
    info.products.map((p) => [p.name, p.normals, p.types]),
    [
      [
        'other',
        4,
        [
          { name: 'crack', pictures: 2 },
          { name: 'scratch', pictures: 1 },
        ],
      ],
      [
        'part',
        4,
        [
          { name: 'crack', pictures: 2 },
          { name: 'scratch', pictures: 1 },
        ],
      ],
    ],
  );
  assert.equal(info.products[0].revision, info.products[1].revision, 'equal content, equal revision');
});

test('another folder with files of the same names adds pictures, a moved folder does not', async (t) => {
  const { source, add, images } = await setup(t);
  await add();
  const moved = `${source}-moved`;
  renameSync(source, moved);
  assert.deepEqual(counts(await add({ source: moved })), [0, 0, 7]);
  writeFileSync(join(moved, 'good/0.png'), 'from another camera');
  assert.deepEqual(
    counts(await add({ source: moved })),
    [1, 0, 6],
    'new: it is not the folder the first came from',
  );
  assert.equal(images().filter((image) => image.file === 'good/0.png').length, 2);
  writeFileSync(join(moved, 'good/0.png'), 'taken again');
  assert.deepEqual(counts(await add({ source: moved })), [0, 1, 6]);
});
