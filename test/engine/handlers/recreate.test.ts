// recreate: the picture of then, whatever was imported since; equal bytes are put back, what changed is named.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { listAudit } from '../../../src/engine/store/audit.ts';
import { listGenerations } from '../../../src/engine/store/generations.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { connect, resultOf } from '../support/connected.ts';
import { type Hooks, writeSource } from '../support/fake-services.ts';
import { tempFolder } from '../support/temp-folder.ts';

const IMPORT = { layout: 'auto', dryRun: false, skipBad: false } as const;
const UNKNOWN = '01J9ZQ4M7N8P6R5S3T2V1W0XYZ';
const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

async function generated(t: TestContext) {
  const folder = join(tempFolder(t), 'parts');
  const source = join(tempFolder(t), 'part');
  await writeSource(source, { good: 3, crack: 4 });
  const { client, close } = connect(t, folder);
  await client.workspace.init({});
  await resultOf(client.datasets.import({ source, ...IMPORT }));
  await resultOf(client.training.train({ method: 'seas', preset: 'quick', shotSeed: 0, seed: 7 }));
  await resultOf(
    client.generation.generate({ generator: 'windows', type: 'crack', count: 5, seed: 5, shotSeed: 0 }),
  );
  await close();
  const workspace = openWorkspaceForReading(folder);
  const picture = listGenerations(workspace.db)[3];
  const paths = [picture.imageBlob, picture.maskBlob!].map((blob) => workspace.blobs.path(blob));
  workspace.close();
  const recreate = async (id = picture.id, hooks: Hooks = {}) => {
    const session = connect(t, folder, hooks);
    try {
      return await resultOf(session.client.generation.recreate({ id }));
    } finally {
      await session.close();
    }
  };
  return { folder, source, picture, paths, recreate };
}

test('with its files there: equal, and nothing is written', async (t) => {
  const { folder, picture, recreate } = await generated(t);
  const entries = () => {
    const { db, close } = openWorkspaceForReading(folder);
    const count = listAudit(db).length;
    close();
    return count;
  };
  const before = entries();
  const result = await recreate();
  assert.deepEqual([result.equal, result.differs, result.restored], [true, null, []]);
  assert.deepEqual(result.image, {
    sha256: picture.imageBlob,
    equal: true,
    stored: true,
    maxDifference: 0,
    differingPixels: 0,
  });
  assert.deepEqual([result.index, result.mask?.sha256], [3, picture.maskBlob]);
  assert.equal(entries(), before);
});

test('files that are gone or damaged come back byte for byte', async (t) => {
  const { paths, recreate } = await generated(t);
  rmSync(paths[0]);
  writeFileSync(paths[1], 'damaged');
  const result = await recreate();
  assert.deepEqual([result.equal, result.image.stored, result.restored], [true, false, ['image', 'mask']]);
  assert.ok(existsSync(paths[0]));
  assert.deepEqual((await recreate()).restored, []);
});

test('pictures and masks that came or changed since do not matter', async (t) => {
  const { folder, source, paths, recreate } = await generated(t);
  await writeSource(source, { good: 9, crack: 12 });
  writeFileSync(join(source, 'good', '0.png'), 'another');
  writeFileSync(join(source, 'crack', '1.mask'), 'drawn again');
  const { client, close } = connect(t, folder);
  const changed = await resultOf(client.datasets.import({ source, ...IMPORT }));
  await close();
  assert.ok(changed.changed > 0 && changed.added > 0);
  for (const path of paths) rmSync(path);
  const result = await recreate();
  assert.deepEqual([result.equal, result.differs, result.restored], [true, null, ['image', 'mask']]);
});

test('another number of threads is named', async (t) => {
  const { picture, recreate } = await generated(t);
  assert.equal((await recreate(picture.id, { threads: 5 })).differs, 'the number of threads');
});

test('an unknown id', async (t) => {
  const { folder, recreate } = await generated(t);
  const before = readdirSync(folder, { recursive: true }).length;
  await assert.rejects(recreate(UNKNOWN), hasCode('not-found'));
  assert.equal(readdirSync(folder, { recursive: true }).length, before);
});
