// What the repositories promise: current masks, content-only revisions, one picture per place, decisions that can be taken back.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { addRevision } from '../../../src/engine/store/annotations.ts';
import { isBlobReferenced, listBlobReferences } from '../../../src/engine/store/blob-references.ts';
import { dropOldCheckpoints, listCheckpoints, putCheckpoint } from '../../../src/engine/store/checkpoints.ts';
import type { WritableDb } from '../../../src/engine/store/database.ts';
import { datasetRevision } from '../../../src/engine/store/dataset-revision.ts';
import {
  type GenerationRow,
  insertGeneration,
  listGenerations,
  storedIndices,
} from '../../../src/engine/store/generations.ts';
import { type ImageRow, insertImage, listImages, supersedeImage } from '../../../src/engine/store/images.ts';
import { openWritableStore } from '../../../src/engine/store/open-store.ts';
import { insertProduct, insertType } from '../../../src/engine/store/products.ts';
import { insertReview } from '../../../src/engine/store/reviews.ts';
import { getRun, insertRun, type RunRow, updateRunState } from '../../../src/engine/store/runs.ts';
import { tempFolder } from '../support/temp-folder.ts';

const hash = (digit: string): string => digit.repeat(64);

function store(t: TestContext, ids = { product: 'P', type: 'T' }): WritableDb {
  const db = openWritableStore(join(tempFolder(t), 'x.db'), { create: true });
  t.after(() => db.close());
  insertProduct(db, { id: ids.product, name: 'part', createdAt: 1 });
  insertType(db, { id: ids.type, productId: ids.product, name: 'crack' });
  return db;
}

function image(id: string, file: string, blob = hash('1')): ImageRow {
  const size = { width: 8, height: 8, channels: 3, bitDepth: 8 };
  return {
    id,
    productId: 'P',
    role: 'defect',
    split: 'test',
    typeId: 'T',
    blob,
    source: '/photos',
    file,
    ...size,
    group: null,
    importedSplit: 'test',
    importedGroup: null,
    createdAt: 1,
  };
}

function mask(id: string, imageId: string, blob: string) {
  return { id, imageId, typeId: 'T', origin: 'import' as const, blob, areaPx: 4, createdAt: 1 };
}

function run(id: string): RunRow {
  const identityParts = {} as RunRow['identityParts'];
  const common = {
    params: { shots: 3 },
    seed: 2 ** 40,
    identity: hash('0'),
    identityParts,
    datasetRevision: 'd',
  };
  return {
    id,
    kind: 'generate',
    productId: 'P',
    packId: null,
    method: 'windows',
    ...common,
    device: 'cpu',
    state: { state: 'queued' },
    createdAt: 1,
    updatedAt: 1,
  };
}

function generation(id: string, runId: string, index: number): GenerationRow {
  return {
    id,
    runId,
    index,
    productId: 'P',
    generator: 'windows',
    typeId: 'T',
    seed: 1,
    sourceImageId: null,
    sourceUse: null,
    window: { x: -3, y: 0, width: 8, height: 8 },
    imageBlob: hash('8'),
    maskBlob: hash('9'),
    label: 'mask',
    width: 8,
    height: 8,
    recipe: { a: [1] },
    recipeHash: hash('7'),
    checks: {},
    flags: ['faint'],
    createdAt: 1,
  };
}

test('the mask with the highest revision counts', (t) => {
  const db = store(t);
  insertImage(db, image('I', 'a.png'));
  assert.equal(listImages(db, 'P')[0].maskBlob, null);
  assert.equal(addRevision(db, mask('A', 'I', hash('2'))), 1);
  assert.equal(addRevision(db, mask('B', 'I', hash('3'))), 2);
  const rows = listImages(db, 'P');
  assert.equal(rows.length, 1);
  assert.equal(rows[0].maskBlob, hash('3'));
});

test('a file name stands for one picture; its successor replaces it, the old row stays', (t) => {
  const db = store(t);
  insertImage(db, image('I', 'a.png'));
  assert.throws(() => insertImage(db, image('J', 'a.png', hash('4'))), /UNIQUE/);
  db.transaction(() => {
    supersedeImage(db, 'I', 'J');
    insertImage(db, image('J', 'a.png', hash('4')));
  });
  assert.deepEqual(
    listImages(db, 'P').map((i) => i.id),
    ['J'],
  );
  assert.ok(isBlobReferenced(db, hash('1')));
});

test('the dataset revision depends on content, not on ids, times or order', (t) => {
  const a = store(t);
  const b = store(t);
  insertImage(a, image('I', 'a.png'));
  insertImage(a, image('J', 'b.png', hash('4')));
  addRevision(a, mask('A', 'I', hash('2')));
  insertImage(b, { ...image('X', 'b.png', hash('4')), createdAt: 99 });
  insertImage(b, image('Y', 'a.png'));
  addRevision(b, mask('Z', 'Y', hash('2')));
  assert.equal(datasetRevision(a, 'P'), datasetRevision(b, 'P'));
  addRevision(b, mask('Q', 'Y', hash('3')));
  assert.notEqual(datasetRevision(a, 'P'), datasetRevision(b, 'P'));
});

test('types come in order of code points', (t) => {
  const db = store(t);
  insertType(db, { id: 'U', productId: 'P', name: 'Zebra' });
  insertImage(db, image('I', 'ä.png'));
  insertImage(db, image('J', 'z.png'));
  insertImage(db, image('K', 'B.png'));
  assert.deepEqual(
    listImages(db, 'P').map((i) => i.file),
    ['B.png', 'z.png', 'ä.png'],
  );
});

test('a run comes back as it was stored, its state as it was last set', (t) => {
  const db = store(t);
  insertRun(db, run('R'));
  assert.deepEqual(getRun(db, 'R'), run('R'));
  updateRunState(db, 'R', { state: 'done', at: 7, outcome: { x: 1 } }, 7);
  assert.deepEqual(getRun(db, 'R')!.state, { state: 'done', at: 7, outcome: { x: 1 } });
});

test('only the latest checkpoints are kept', (t) => {
  const db = store(t);
  insertRun(db, run('R'));
  for (const step of [10, 20, 30])
    putCheckpoint(db, { runId: 'R', step, blob: hash(String(step)[0]), createdAt: 1 });
  dropOldCheckpoints(db, 'R', 2);
  assert.deepEqual(
    listCheckpoints(db, 'R').map((c) => c.step),
    [30, 20],
  );
  dropOldCheckpoints(db, 'R', 0);
  assert.deepEqual(listCheckpoints(db, 'R'), []);
});

test('a place of a run holds one picture', (t) => {
  const db = store(t);
  insertRun(db, run('R'));
  insertRun(db, { ...run('S'), createdAt: 2 });
  insertGeneration(db, generation('G', 'R', 4));
  insertGeneration(db, generation('H', 'R', 0));
  insertGeneration(db, generation('K', 'S', 4));
  assert.throws(() => insertGeneration(db, generation('L', 'R', 4)), /UNIQUE/);
  assert.deepEqual(storedIndices(db, 'R'), [0, 4]);
  assert.deepEqual(
    listGenerations(db).map((g) => g.id),
    ['H', 'G', 'K'],
  );
  const { type, status, reason, repairs, madeImageBlob, madeMaskBlob, ...stored } = listGenerations(db, {
    runId: 'R',
  })[1];
  assert.deepEqual(stored, generation('G', 'R', 4));
  assert.deepEqual([madeImageBlob, madeMaskBlob], [stored.imageBlob, stored.maskBlob]);
  assert.deepEqual([type, status, reason, repairs], ['crack', 'undecided', null, 0]);
});

test('the last decision counts and can be taken back', (t) => {
  const db = store(t);
  insertRun(db, run('R'));
  insertGeneration(db, generation('G', 'R', 0));
  const statusAfter = (decision: 'accept' | 'reject' | 'reset'): string => {
    insertReview(db, { generationId: 'G', decision, reason: null, rule: null, createdAt: 1 });
    return listGenerations(db)[0].status;
  };
  assert.deepEqual(
    [statusAfter('accept'), statusAfter('reject'), statusAfter('reset')],
    ['accepted', 'rejected', 'undecided'],
  );
});

test('every blob a row points at is listed', (t) => {
  const db = store(t);
  insertImage(db, image('I', 'a.png'));
  addRevision(db, mask('A', 'I', hash('2')));
  insertRun(db, run('R'));
  putCheckpoint(db, { runId: 'R', step: 1, blob: hash('3'), createdAt: 1 });
  insertGeneration(db, generation('G', 'R', 0));
  const listed = listBlobReferences(db).map((r) => r.blob[0]);
  assert.deepEqual(listed.sort(), ['1', '2', '3', '8', '9']);
  for (const digit of listed) assert.ok(isBlobReferenced(db, hash(digit)));
  assert.equal(isBlobReferenced(db, hash('5')), false);
});
