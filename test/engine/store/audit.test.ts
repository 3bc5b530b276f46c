// The audit log: appended only, and any change behind SQLite's back shows.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { appendAudit, findBrokenAuditEntry, listAudit } from '../../../src/engine/store/audit.ts';
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
const withoutTriggers = 'DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;';

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

const FORGERIES: [string, string, number][] = [
  ['an event changed', `UPDATE audit SET event = '{"event":"test","i":9}' WHERE seq = 2`, 2],
  ['a time changed', 'UPDATE audit SET time = 99 WHERE seq = 1', 1],
  ['an entry removed', 'DELETE FROM audit WHERE seq = 2', 2],
  ['the first entry removed', 'DELETE FROM audit WHERE seq = 1', 1],
  ['a hash changed', "UPDATE audit SET hash = 'x' WHERE seq = 3", 3],
];
for (const [what, sql, expected] of FORGERIES) {
  test(`${what}: found at entry ${expected}`, (t) => {
    const db = logOfThree(t);
    db.exec(withoutTriggers);
    db.run(sql);
    assert.equal(findBrokenAuditEntry(db), expected);
  });
}
