// The audit log: appended only, and any change behind SQLite's back shows.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  appendAudit,
  auditHead,
  findAuditProblem,
  findBrokenAuditEntry,
  listAudit,
  listLastAudit,
} from '../../../src/engine/store/audit.ts';
import type { WritableDb } from '../../../src/engine/store/database.ts';
import { openWritableStore } from '../../../src/engine/store/open-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

function logOfThree(t: TestContext): WritableDb {
  const db = openWritableStore(join(tempFolder(t), 'x.db'), { create: true });
  t.after(() => db.close());
  for (let i = 1; i <= 3; i++) appendAudit(db, i, { event: 'test', i });
  return db;
}

/** What somebody with a database tool could do. */
const withoutTriggers = 'DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;';

test('entries are numbered and chained', (t) => {
  const entries = listAudit(logOfThree(t));
  assert.deepEqual(
    entries.map((e) => e.seq),
    [1, 2, 3],
  );
  assert.equal(entries[1].prevHash, entries[0].hash);
  assert.equal(entries[0].event, '{"event":"test","i":1}');
});

test('an untouched log is whole', (t) => assert.equal(findBrokenAuditEntry(logOfThree(t)), null));

test('entries can be neither changed nor deleted', (t) => {
  const db = logOfThree(t);
  assert.throws(() => db.run("UPDATE audit SET event = '{}' WHERE seq = 2"), /append-only/);
  assert.throws(() => db.run('DELETE FROM audit WHERE seq = 3'), /append-only/);
  assert.throws(() => db.run('REPLACE INTO audit SELECT * FROM audit WHERE seq = 2'), /append-only/);
});

test('the end of the log is kept and only grows', (t) => {
  const db = logOfThree(t);
  assert.deepEqual(auditHead(db), { entries: 3, hash: listAudit(db)[2].hash });
  assert.deepEqual(
    listLastAudit(db, 2).map((e) => e.seq),
    [2, 3],
  );
  for (const sql of [
    'UPDATE audit_head SET entries = 2',
    'UPDATE audit_head SET entries = 4',
    'DELETE FROM audit_head',
    "REPLACE INTO audit_head VALUES (1, 2, 'x')",
  ])
    assert.throws(() => db.run(sql), /append-only/);
});

/** A forged log whose own chain holds: every hash is made anew. */
function forge(db: WritableDb, keep: (i: number) => boolean): void {
  const events = listAudit(db).filter((_, i) => keep(i));
  db.exec(`${withoutTriggers} DROP TRIGGER IF EXISTS audit_head_in_order; DELETE FROM audit;
    UPDATE audit_head SET entries = 0, hash = '${'0'.repeat(64)}';`);
  for (const { time, event } of events) appendAudit(db, time, JSON.parse(event));
}

test('a log forged from end to end is noticed against a head that was noted elsewhere', (t) => {
  const db = logOfThree(t);
  const noted = auditHead(db);
  appendAudit(db, 4, { event: 'test', i: 4 });
  assert.equal(findAuditProblem(db, noted), null, 'a longer log still holds the noted entry');
  forge(db, (i) => i !== 1);
  assert.equal(findAuditProblem(db), null, 'by itself it looks whole');
  assert.match(findAuditProblem(db, noted)!.what, /entry 3 is not the one that was noted/);
  forge(db, (i) => i < 2);
  assert.match(findAuditProblem(db, noted)!.what, /entry 3, which was noted elsewhere, is missing/);
});

const FORGERIES: [string, string, number][] = [
  ['an event changed', `UPDATE audit SET event = '{"event":"test","i":9}' WHERE seq = 2`, 2],
  ['a time changed', 'UPDATE audit SET time = 99 WHERE seq = 1', 1],
  ['an entry removed', 'DELETE FROM audit WHERE seq = 2', 2],
  ['the first entry removed', 'DELETE FROM audit WHERE seq = 1', 1],
  ['the last entry removed', 'DELETE FROM audit WHERE seq = 3', 3],
  ['all entries removed', 'DELETE FROM audit', 1],
  [
    'two entries exchanged',
    'UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq > 1; UPDATE audit SET seq = -seq WHERE seq < 0',
    2,
  ],
  ['the record of the end removed', 'DROP TRIGGER audit_head_stays; DELETE FROM audit_head', 4],
  ['a hash changed', "UPDATE audit SET hash = 'x' WHERE seq = 3", 3],
];
for (const [what, sql, expected] of FORGERIES) {
  test(`${what}: found at entry ${expected}`, (t) => {
    const db = logOfThree(t);
    db.exec(withoutTriggers);
    db.exec(sql);
    assert.equal(findBrokenAuditEntry(db), expected);
  });
}
