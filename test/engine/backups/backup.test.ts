// Backup and restore of a whole workspace: as a folder and as a file, beside a writer, and every kind of damage refused.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { writeBackup } from '../../../src/engine/backups/write-backup.ts';
import { sha256 } from '../../../src/engine/blobs/blob-reader.ts';
import { partialPrefix } from '../../../src/engine/blobs/partial-name.ts';
import { systemClock } from '../../../src/engine/ids.ts';
import { appendAudit, auditHead, findAuditProblem } from '../../../src/engine/store/audit.ts';
import { dropOldCheckpoints, putCheckpoint } from '../../../src/engine/store/checkpoints.ts';
import { connectWritable } from '../../../src/engine/store/database.ts';
import { listRuns } from '../../../src/engine/store/runs.ts';
import { openWorkspace, openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { connect, resultOf } from '../support/connected.ts';
import { writeSource } from '../support/fake-services.ts';
import { smallDisk, writeProtect } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';

const FORMS = ['copy', 'copy.tar'] as const;
const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

/** A workspace with pictures, a fine-tune, generated pictures, decisions and a pack. */
async function filled(t: TestContext) {
  const root = tempFolder(t);
  const folder = join(root, 'parts');
  await writeSource(join(root, 'part'), { good: 3, crack: 4 });
  const { client, close } = connect(t, folder);
  await client.workspace.init({});
  const source = join(root, 'part');
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  await resultOf(client.training.train({ method: 'seas', preset: 'quick', shotSeed: 0, seed: 7 }));
  await resultOf(
    client.generation.generate({ generator: 'windows', type: 'crack', count: 5, seed: 5, shotSeed: 0 }),
  );
  await client.review.decide({ decision: 'accept', select: { where: 'unflagged', redecide: false } });
  mkdirSync(join(folder, 'packs', 'mine', 'unet'), { recursive: true });
  writeFileSync(join(folder, 'packs', 'mine', 'unet', 'weights.bin'), 'w'.repeat(5000));
  await close();
  return { root, folder };
}

/** A call on a workspace in an engine of its own. */
async function call<T>(
  t: TestContext,
  folder: string,
  work: (client: ReturnType<typeof connect>['client']) => Promise<T>,
) {
  const { client, close } = connect(t, folder);
  try {
    return await work(client);
  } finally {
    await close();
  }
}

const backUp = (t: TestContext, folder: string, out: string) =>
  call(t, folder, (client) => resultOf(client.workspace.backup({ out })));
const restoreTo = (t: TestContext, from: string, to: string) =>
  call(t, to, (client) => resultOf(client.workspace.restore({ from, to })));

/** Every table's rows but the entry that a restore adds. */
function rowsOf(folder: string): unknown {
  const { db, close } = openWorkspaceForReading(folder);
  const tables = db.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('audit_head') ORDER BY name",
  );
  const rows = tables.map(({ name }) => {
    const where = name === 'audit' ? `WHERE event NOT LIKE '%"restored"%'` : '';
    return [name, db.all(`SELECT * FROM ${name} ${where} ORDER BY 1, 2`)];
  });
  close();
  return rows;
}

function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const entries = files.map((e): [string, string] => {
    const path = join(e.parentPath, e.name);
    return [path.slice(folder.length + 1), sha256(readFileSync(path))];
  });
  return Object.fromEntries(entries.filter(([path]) => !path.startsWith('flawsmith.db')));
}

test('a backup restores to the same rows and files, from a folder and from a file', async (t) => {
  const { root, folder } = await filled(t);
  for (const form of FORMS) {
    const out = join(root, form);
    const written = await backUp(t, folder, out);
    const to = join(root, `${form} restored`);
    const restored = await restoreTo(t, out, to);
    assert.deepEqual(rowsOf(to), rowsOf(folder), form);
    assert.deepEqual(filesOf(to), filesOf(folder), form);
    assert.deepEqual(restored.audit, written.audit);
    const doctor = await call(t, to, (client) => resultOf(client.workspace.doctor({ repair: true })));
    assert.deepEqual([doctor.healthy, doctor.notes, doctor.repaired], [true, 0, 0]);
    const noted = await call(t, to, (client) => client.audit.verify({ backup: out }));
    assert.equal(noted.entries, written.audit.entries + 1);
  }
  assert.deepEqual(readdirSync(root).sort(), [
    'copy',
    'copy restored',
    'copy.tar',
    'copy.tar restored',
    'part',
    'parts',
  ]);
});

test('any tar reads the file', async (t) => {
  const { root, folder } = await filled(t);
  await backUp(t, folder, join(root, 'copy.tar'));
  mkdirSync(join(root, 'out'));
  execFileSync('tar', ['xf', join(root, 'copy.tar'), '-C', join(root, 'out')]);
  await backUp(t, folder, join(root, 'copy'));
  const { 'backup.json': _, ...files } = filesOf(join(root, 'copy'));
  const { 'backup.json': _unpacked, ...unpacked } = filesOf(join(root, 'out'));
  assert.deepEqual(unpacked, files);
});

test('a backup beside a writer is the state of one moment', async (t) => {
  const { root, folder } = await filled(t);
  const writer = await openWorkspace(folder, { clock: systemClock() });
  t.after(() => writer.close());
  appendAudit(writer.db, 1, { event: 'before' });
  const { audit } = await backUp(t, folder, join(root, 'copy'));
  assert.deepEqual(audit, auditHead(writer.db));
  appendAudit(writer.db, 2, { event: 'after' });
  await restoreTo(t, join(root, 'copy'), join(root, 'again'));
  const { db, close } = openWorkspaceForReading(join(root, 'again'));
  assert.equal(findAuditProblem(db, audit), null);
  assert.equal(auditHead(db).entries, audit.entries + 1, 'what came after is not in it');
  close();
});

test('a checkpoint that a running training replaces meanwhile: the backup is made of the newer state', async (t) => {
  const { root, folder } = await filled(t);
  const writer = await openWorkspace(folder, { clock: systemClock() });
  t.after(() => writer.close());
  const runId = listRuns(writer.db)[0].id;
  const stored: string[] = [];
  const checkpoint = async (step: number): Promise<void> => {
    const { hash } = await writer.blobs.put(Buffer.from(`state ${step}`));
    putCheckpoint(writer.db, { runId, step, blob: hash, createdAt: step });
    stored.push(hash);
  };
  for (const step of [1, 2, 3]) await checkpoint(step);
  let replaced = false;
  const { manifest } = await writeBackup(writer, join(root, 'copy'), {
    signal: new AbortController().signal,
    now: 1,
    onProgress() {
      if (replaced) return;
      replaced = true;
      dropOldCheckpoints(writer.db, runId, 0);
      for (const blob of stored) rmSync(writer.blobs.path(blob));
    },
  });
  const blobs = manifest.files.map(({ sha256: hash }) => hash);
  assert.deepEqual(
    stored.filter((blob) => blobs.includes(blob)),
    [],
  );
  await restoreTo(t, join(root, 'copy'), join(root, 'again'));
});

test('targets that exist, lie inside the workspace or have no parent are refused and left alone', async (t) => {
  const { root, folder } = await filled(t);
  mkdirSync(join(root, 'there'));
  writeFileSync(join(root, 'there', 'x'), 'mine');
  const before = readdirSync(root).sort();
  await assert.rejects(backUp(t, folder, join(root, 'there')), hasCode('usage'));
  await assert.rejects(backUp(t, folder, join(folder, 'blobs', 'copy')), hasCode('usage'));
  await assert.rejects(backUp(t, folder, join(root, 'no', 'copy')), hasCode('not-found'));
  await backUp(t, folder, join(root, 'copy'));
  await assert.rejects(restoreTo(t, join(root, 'copy'), join(root, 'there')), hasCode('usage'));
  await assert.rejects(restoreTo(t, join(root, 'part'), join(root, 'again')), hasCode('not-found'));
  await assert.rejects(restoreTo(t, join(root, 'nothing'), join(root, 'again')), hasCode('not-found'));
  assert.deepEqual(readdirSync(root).sort(), ['copy', ...before].sort());
  assert.equal(readFileSync(join(root, 'there', 'x'), 'utf8'), 'mine');
  mkdirSync(join(root, 'empty'));
  await restoreTo(t, join(root, 'copy'), join(root, 'empty'));
});

test('a damaged workspace is not backed up', async (t) => {
  const { root, folder } = await filled(t);
  const hash = sha256('good 0');
  const blob = join(folder, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash);
  writeFileSync(blob, 'good 1');
  await assert.rejects(backUp(t, folder, join(root, 'copy')), hasCode('corrupt'));
  rmSync(blob);
  await assert.rejects(backUp(t, folder, join(root, 'copy.tar')), hasCode('corrupt'));
  assert.deepEqual(readdirSync(root).sort(), ['part', 'parts']);
});

test('what a killed backup left is removed by the next one', async (t) => {
  const { root, folder } = await filled(t);
  // Number 2^22 is above the largest process id of Linux.
  const stray = join(root, `${partialPrefix(join(root, 'copy'))}4194304-ab`);
  const alive = join(root, `${partialPrefix(join(root, 'copy'))}${process.pid}-ab`);
  mkdirSync(stray);
  mkdirSync(alive);
  await backUp(t, folder, join(root, 'copy'));
  assert.deepEqual([existsSync(stray), existsSync(alive)], [false, true]);
});

/** Ways a backup folder can be spoilt. */
const DAMAGE: [string, (copy: string) => void, string][] = [
  ['a bit of a blob', (copy) => flip(blobOf(copy)), 'corrupt'],
  ['a missing blob', (copy) => rmSync(blobOf(copy)), 'corrupt'],
  ['a cut blob', (copy) => truncateSync(blobOf(copy), 2), 'corrupt'],
  ['a bit of the database', (copy) => flip(join(copy, 'flawsmith.db'), 5000), 'corrupt'],
  ['no manifest', (copy) => rmSync(join(copy, 'backup.json')), 'not-found'],
  ['a cut manifest', (copy) => truncateSync(join(copy, 'backup.json'), 300), 'corrupt'],
  ['a manifest that leaves a blob out', (copy) => manifest(copy, (m) => m.files.splice(0, 1)), 'corrupt'],
  ['a manifest that leads out', (copy) => manifest(copy, (m) => addFile(m, '../x')), 'corrupt'],
  [
    'a manifest that leads out of packs',
    (copy) => manifest(copy, (m) => addFile(m, 'packs/../../x')),
    'corrupt',
  ],
  ['a manifest with an absolute path', (copy) => manifest(copy, (m) => addFile(m, '/tmp/x')), 'corrupt'],
  ['a manifest with a backslash', (copy) => manifest(copy, (m) => addFile(m, 'packs/..\\x')), 'corrupt'],
  [
    'a cut audit log',
    (copy) => changeDatabase(copy, 'DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq > 2'),
    'corrupt',
  ],
  ['a newer schema', (copy) => changeDatabase(copy, 'PRAGMA user_version = 9990'), 'schema-newer'],
];
for (const [what, spoil, code] of DAMAGE) {
  test(`${what}: refused as ${code}, nothing is kept`, async (t) => {
    const { root, folder } = await filled(t);
    await backUp(t, folder, join(root, 'copy'));
    spoil(join(root, 'copy'));
    await assert.rejects(restoreTo(t, join(root, 'copy'), join(root, 'again')), hasCode(code));
    assert.deepEqual(readdirSync(root).sort(), ['copy', 'part', 'parts']);
  });
}

test('a damaged file: cut anywhere or with a bit changed, refused, nothing is kept', async (t) => {
  const { root, folder } = await filled(t);
  const copy = join(root, 'copy.tar');
  await backUp(t, folder, copy);
  const whole = readFileSync(copy);
  for (let i = 0; i < 12; i++) {
    const at = Math.floor((i + 0.5) * (whole.length / 12));
    for (const bytes of [whole.subarray(0, at), flipped(whole, at)]) {
      writeFileSync(copy, bytes);
      // Padding between files carries nothing.
      if (isPadding(whole, at) && bytes.length === whole.length) continue;
      await assert.rejects(restoreTo(t, copy, join(root, 'again')), (e: unknown) => e instanceof AppError);
      assert.deepEqual(readdirSync(root).sort(), ['copy.tar', 'part', 'parts']);
    }
  }
});

test('a full and a write-protected target: said so, nothing is left, the workspace goes on', async (t) => {
  const disk = smallDisk(t, 48 * 1024);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  const { root, folder } = await filled(t);
  for (const form of FORMS) {
    await assert.rejects(backUp(t, folder, join(disk, form)), hasCode('no-space'));
    assert.deepEqual(readdirSync(disk), []);
  }
  await backUp(t, folder, join(root, 'copy.tar'));
  await assert.rejects(restoreTo(t, join(root, 'copy.tar'), join(disk, 'again')), hasCode('no-space'));
  assert.deepEqual(readdirSync(disk), []);
  await assert.rejects(restoreTo(t, join(root, 'copy.tar'), disk), hasCode('usage'));
  writeProtect(disk);
  await assert.rejects(backUp(t, folder, join(disk, 'copy')), hasCode('read-only'));
  await assert.rejects(restoreTo(t, join(root, 'copy.tar'), join(disk, 'again')), hasCode('read-only'));
  await call(t, folder, (client) => resultOf(client.workspace.doctor({ repair: true })));
});

interface Manifest {
  files: { path: string; bytes: number; sha256: string }[];
}

function manifest(copy: string, change: (m: Manifest) => void): void {
  const file = join(copy, 'backup.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  change(json);
  writeFileSync(file, JSON.stringify(json));
}

const addFile = (m: Manifest, path: string): void =>
  void m.files.push({ path, bytes: 1, sha256: sha256('x') });

function blobOf(copy: string): string {
  const { files } = JSON.parse(readFileSync(join(copy, 'backup.json'), 'utf8')) as Manifest;
  return join(copy, files.find(({ path }) => path.startsWith('blobs/'))!.path);
}

function flip(file: string, at = 0): void {
  writeFileSync(file, flipped(readFileSync(file), at));
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] ^= 4;
  return copy;
}

/** Whether the byte lies in a run of zeros that ends at a block's end. */
function isPadding(bytes: Buffer, at: number): boolean {
  const end = Math.ceil((at + 1) / 512) * 512;
  return bytes.subarray(at, end).every((byte) => byte === 0);
}

/** Changes the database of a backup and makes its manifest fit again. */
function changeDatabase(copy: string, sql: string): void {
  const file = join(copy, 'flawsmith.db');
  const db = connectWritable(file, true);
  db.exec(sql);
  db.close();
  const bytes = readFileSync(file);
  manifest(copy, (m) => {
    const entry = m.files.find(({ path }) => path === 'flawsmith.db')!;
    Object.assign(entry, { bytes: bytes.length, sha256: sha256(bytes) });
  });
}
