// The two handles: reading code cannot write, and SQLite's errors speak to the user.

import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { connectWritable } from '../../../src/engine/store/database.ts';
import { openReadableStore, openWritableStore } from '../../../src/engine/store/open-store.ts';
import { translateSqliteError } from '../../../src/engine/store/sqlite-error.ts';
import { smallDisk, writeProtect } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';

const hasCode = (code: string) => (e: unknown) => e instanceof AppError && e.code === code;

test('a reading call refuses statements that write, on either handle', (t) => {
  const file = join(tempFolder(t), 'x.db');
  const db = openWritableStore(file, { create: true });
  assert.throws(() => db.get("INSERT INTO products VALUES ('P', 'p', 1) RETURNING id"), /asked to write/);
  db.close();
  const reader = openReadableStore(file);
  assert.throws(() => reader.all('DELETE FROM products'), /asked to write/);
  reader.close();
});

test('a transaction that throws leaves nothing; nested ones are savepoints', (t) => {
  const db = openWritableStore(join(tempFolder(t), 'x.db'), { create: true });
  const insert = (id: string): number => db.run('INSERT INTO products VALUES (?, ?, 1)', id, id);
  assert.throws(() =>
    db.transaction(() => {
      insert('A');
      throw new Error('stop');
    }),
  );
  db.transaction(() => {
    insert('B');
    assert.throws(() =>
      db.transaction(() => {
        insert('C');
        throw new Error('stop');
      }),
    );
  });
  assert.deepEqual(db.all('SELECT id FROM products'), [{ id: 'B' }]);
  db.close();
});

test('a reader works beside a writer', (t) => {
  const file = join(tempFolder(t), 'x.db');
  const db = openWritableStore(file, { create: true });
  const reader = openReadableStore(file);
  db.transaction(() => {
    db.run("INSERT INTO products VALUES ('P', 'p', 1)");
    assert.deepEqual(reader.all('SELECT id FROM products'), []);
  });
  assert.deepEqual(reader.all('SELECT id FROM products'), [{ id: 'P' }]);
  reader.close();
  db.close();
});

test('a file that is no database is called corrupt', (t) => {
  const file = join(tempFolder(t), 'x.db');
  writeFileSync(file, 'x'.repeat(5000));
  assert.throws(() => openWritableStore(file, { create: false }), hasCode('corrupt'));
  assert.throws(() => openReadableStore(file), hasCode('corrupt'));
});

test('a database that was cut short is called corrupt', (t) => {
  const file = join(tempFolder(t), 'x.db');
  openWritableStore(file, { create: true }).close();
  truncateSync(file, 8192);
  assert.throws(() => openWritableStore(file, { create: false }), hasCode('corrupt'));
});

test('a missing database is not made by opening it', (t) => {
  const file = join(tempFolder(t), 'x.db');
  assert.throws(() => openWritableStore(file, { create: false }), hasCode('read-only'));
  assert.throws(() => openReadableStore(file), hasCode('read-only'));
});

test('a database on a write-protected medium can be read, not written', (t) => {
  const disk = smallDisk(t, 4 << 20);
  if (disk === null) return t.skip('needs the right to mount a small file system');
  const file = join(disk, 'x.db');
  openWritableStore(file, { create: true }).close();
  writeProtect(disk);
  const reader = openReadableStore(file);
  assert.deepEqual(reader.all('SELECT id FROM products'), []);
  reader.close();
  assert.throws(() => openWritableStore(file, { create: false }), hasCode('read-only'));
});

test('a second writer waits no longer than its timeout and then says locked', (t) => {
  const file = join(tempFolder(t), 'x.db');
  const db = openWritableStore(file, { create: true });
  const other = connectWritable(file, true);
  other.pragma('busy_timeout = 20');
  db.transaction(() => {
    assert.throws(() => other.transaction(() => {}), hasCode('locked'));
  });
  other.close();
  db.close();
});

test('conditions of the disk become AppErrors, faults of ours stay what they are', () => {
  const cases: [string, string][] = [
    ['SQLITE_FULL', 'no-space'],
    ['SQLITE_READONLY_DBMOVED', 'read-only'],
    ['SQLITE_CANTOPEN', 'read-only'],
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_CORRUPT_VTAB', 'corrupt'],
    ['SQLITE_NOTADB', 'corrupt'],
    ['SQLITE_IOERR_WRITE', 'runtime'],
  ];
  for (const [code, expected] of cases) {
    const translated = translateSqliteError(Object.assign(new Error('x'), { code }), 'f');
    assert.ok(hasCode(expected)(translated), code);
  }
  const ours = Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' });
  assert.equal(translateSqliteError(ours, 'f'), ours);
});
