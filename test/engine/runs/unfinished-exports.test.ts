// Exports that a kill cut off: half-written ones go, complete ones are recorded, what is not ours stays.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { partialPath } from '../../../src/engine/blobs/partial-name.ts';
import { systemClock } from '../../../src/engine/ids.ts';
import { noteExport } from '../../../src/engine/runs/unfinished-exports.ts';
import { listAudit } from '../../../src/engine/store/audit.ts';
import { listExports } from '../../../src/engine/store/exports.ts';
import { insertProduct } from '../../../src/engine/store/products.ts';
import { listUnfinishedExports } from '../../../src/engine/store/unfinished-exports.ts';
import { openWorkspace } from '../../../src/engine/workspace.ts';
import { tempFolder } from '../support/temp-folder.ts';

const clock = systemClock();

async function setup(t: TestContext) {
  const root = tempFolder(t);
  const folder = join(root, 'parts');
  const out = join(root, 'drive', 'set');
  mkdirSync(join(root, 'drive'));
  const workspace = await openWorkspace(folder, { clock, create: true });
  insertProduct(workspace.db, { id: 'P', name: 'part', createdAt: 1 });
  const note = () =>
    noteExport(workspace.db, clock, {
      productId: 'P',
      format: 'coco',
      folder: out,
      counts: { generated: 3, real: 2 },
    });
  /** Opens it as the next command does. */
  const reopen = async () => {
    workspace.close();
    const next = await openWorkspace(folder, { clock });
    t.after(() => next.close());
    return next;
  };
  return { root, out, drive: join(root, 'drive'), note, reopen };
}

test('half-written: removed with its row; partial folders of others stay', async (t) => {
  const { out, drive, note, reopen } = await setup(t);
  mkdirSync(partialPath(out, 'other'));
  note();
  mkdirSync(join(partialPath(out, 'ours'), 'images'), { recursive: true });
  writeFileSync(join(partialPath(out, 'ours'), 'images', 'a.png'), 'a');
  const { db, recovered } = await reopen();
  assert.equal(recovered.straysRemoved, 1);
  assert.deepEqual(readdirSync(drive), ['.set.partial-other']);
  assert.deepEqual([listUnfinishedExports(db), listExports(db)], [[], []]);
});

test('complete, but cut off before its record: recorded once', async (t) => {
  const { out, note, reopen } = await setup(t);
  const id = note();
  mkdirSync(out);
  writeFileSync(join(out, 'a.png'), '12345');
  writeFileSync(join(out, 'SHA256SUMS'), `${'0'.repeat(64)}  a.png\n`);
  const { db } = await reopen();
  const [row] = listExports(db);
  assert.deepEqual([row.id, row.folder, row.format], [id, out, 'coco']);
  assert.deepEqual(row.summary, { files: 2, bytes: 5 + 72, generated: 3, real: 2 });
  assert.deepEqual(listUnfinishedExports(db), []);
  assert.match(listAudit(db).at(-1)!.event, /"event":"exported".*"recordedLate":true/);
  assert.ok(existsSync(join(out, 'a.png')));
});

test('an unplugged drive is waited for', async (t) => {
  const { out, drive, note, reopen } = await setup(t);
  note();
  rmSync(drive, { recursive: true });
  const { db } = await reopen();
  assert.equal(listUnfinishedExports(db)[0].folder, out);
});

test('a folder that is there already is not noted: the export will be refused', async (t) => {
  const { out, note, reopen } = await setup(t);
  mkdirSync(out);
  writeFileSync(join(out, 'SHA256SUMS'), '');
  assert.equal(note(), null);
  const { db } = await reopen();
  assert.deepEqual(listExports(db), []);
});
