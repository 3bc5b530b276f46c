// Migrations through the production runner: each from N-1 with rows to N, all or nothing, and newer files refused.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { connectWritable, type WritableDb } from '../../../src/engine/store/database.ts';
import { assertOurs, currentSchema, migrate, schemaVersion } from '../../../src/engine/store/migrate.ts';
import type { Migration } from '../../../src/engine/store/migration.ts';
import { MIGRATIONS } from '../../../src/engine/store/migrations/index.ts';
import { openReadableStore, openWritableStore } from '../../../src/engine/store/open-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const HASH = 'f'.repeat(64);

/** Rows a user of schema N has, and a question about them that must have the same answer after the next migration. */
const ROWS: Record<number, { insert: string; count: string; expected: number }> = {
  10: {
    insert: `
      INSERT INTO products VALUES ('P', 'part', 1);
      INSERT INTO defect_types VALUES ('T', 'P', 'crack');
      INSERT INTO images (id, product_id, role, split, type_id, blob, source, file, width, height, channels, bit_depth, created_at)
        VALUES ('I', 'P', 'defect', 'test', 'T', '${HASH}', '/photos', 'a.png', 8, 8, 3, 8, 1);
      INSERT INTO annotations VALUES ('A', 'I', 'T', 1, 'import', '${HASH}', 4, 1);
      INSERT INTO audit VALUES (1, 1, '{}', '0', 'h');`,
    count:
      'SELECT (SELECT count(*) FROM images) + (SELECT count(*) FROM annotations) + (SELECT count(*) FROM audit) AS n',
    expected: 3,
  },
  20: {
    insert: `
      INSERT INTO packs VALUES ('K', 'embedded', 'embedded', 'p', '${HASH}', 1);
      INSERT INTO runs VALUES ('R', 'train', 'P', 'K', 'seas', '{}', 0, '${HASH}', '{}', 'd', 'cpu', 'queued', '{}', 1, 1);
      INSERT INTO checkpoints VALUES ('R', 2, '${HASH}', 1);
      INSERT INTO token_sets VALUES ('S', 'R', 'P', 'K', '[]', '[]', '{}', 1);
      INSERT INTO token_set_files VALUES ('S', 'unet', '${HASH}');`,
    count:
      'SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM checkpoints) + (SELECT count(*) FROM token_set_files) AS n',
    expected: 3,
  },
};

function fill(db: WritableDb, upTo: number): void {
  for (const [version, { insert }] of Object.entries(ROWS)) if (Number(version) <= upTo) db.exec(insert);
}

describe('migrations', () => {
  test('numbers rise in steps of ten', () => {
    assert.deepEqual(
      MIGRATIONS.map((migration) => migration.version),
      MIGRATIONS.map((_, i) => (i + 1) * 10),
    );
  });

  for (let i = 1; i < MIGRATIONS.length; i++) {
    const from = MIGRATIONS[i - 1].version;
    const to = MIGRATIONS[i].version;
    test(`${from} with rows goes to ${to} and keeps them`, (t) => {
      const db = connectWritable(join(tempFolder(t), 'x.db'), false);
      migrate(db, MIGRATIONS.slice(0, i));
      fill(db, from);
      assert.deepEqual(migrate(db, MIGRATIONS.slice(0, i + 1)), [to]);
      for (const [version, { count, expected }] of Object.entries(ROWS)) {
        if (Number(version) <= from) assert.equal(db.get<{ n: number }>(count)!.n, expected);
      }
      assert.deepEqual(db.pragma('foreign_key_check'), []);
      assert.equal(db.pragmaValue('foreign_keys'), 1);
      db.close();
    });
  }

  test('a new file gets every migration, a second opening none', (t) => {
    const file = join(tempFolder(t), 'x.db');
    const db = openWritableStore(file, { create: true });
    assert.equal(schemaVersion(db), currentSchema());
    assert.deepEqual(migrate(db), []);
    assert.equal(db.pragmaValue('journal_mode'), 'wal');
    assert.equal(db.pragmaValue('synchronous'), 2, 'FULL');
    db.close();
  });

  test('a failing migration leaves schema, rows and version as they were', (t) => {
    const db = connectWritable(join(tempFolder(t), 'x.db'), false);
    migrate(db);
    fill(db, 20);
    const broken: Migration = {
      version: 9990,
      name: 'broken',
      up(target) {
        target.exec('CREATE TABLE half (x); DELETE FROM checkpoints;');
        throw new Error('stop');
      },
    };
    assert.throws(() => migrate(db, [...MIGRATIONS, broken]), /stop/);
    assert.equal(schemaVersion(db), currentSchema());
    assert.equal(db.get("SELECT 1 FROM sqlite_schema WHERE name = 'half'"), undefined);
    assert.equal(db.get<{ n: number }>('SELECT count(*) AS n FROM checkpoints')!.n, 1);
    db.close();
  });

  test('a migration that leaves dangling references is taken back', (t) => {
    const db = connectWritable(join(tempFolder(t), 'x.db'), false);
    migrate(db);
    fill(db, 20);
    const dangling: Migration = {
      version: 9990,
      name: 'dangling',
      up: (target) => target.exec('DELETE FROM products'),
    };
    assert.throws(() => migrate(db, [...MIGRATIONS, dangling]), /dangling references/);
    assert.equal(db.get<{ n: number }>('SELECT count(*) AS n FROM products')!.n, 1);
    db.close();
  });

  test('a database of a newer version is refused and not touched', (t) => {
    const file = join(tempFolder(t), 'x.db');
    openWritableStore(file, { create: true }).close();
    const db = connectWritable(file, true);
    db.pragma('user_version = 9990');
    db.close();
    const isNewer = (e: unknown): boolean =>
      e instanceof AppError && e.code === 'schema-newer' && e.details.file === file;
    assert.throws(() => openWritableStore(file, { create: false }), isNewer);
    assert.throws(() => openReadableStore(file), isNewer);
  });

  test("another program's database is refused", (t) => {
    const db = connectWritable(join(tempFolder(t), 'x.db'), false);
    db.exec('CREATE TABLE bookmarks (url TEXT)');
    assert.throws(
      () => assertOurs(db),
      (e: unknown) => e instanceof AppError && e.code === 'corrupt',
    );
    db.close();
  });

  test('reading does not migrate: an old database is refused', (t) => {
    const file = join(tempFolder(t), 'x.db');
    const db = connectWritable(file, false);
    migrate(db, MIGRATIONS.slice(0, 1));
    db.close();
    assert.throws(
      () => openReadableStore(file),
      (e: unknown) => e instanceof AppError && e.code === 'unsupported',
    );
  });
});
