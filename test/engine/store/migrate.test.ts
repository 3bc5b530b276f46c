// Migrations through the production runner: each from N-1 with rows to N, all or nothing, and newer files refused.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../src/core/base/errors.ts';
import { connectWritable, type WritableDb } from '../../../src/engine/store/database.ts';
import { checkIntegrity } from '../../../src/engine/store/integrity.ts';
import { assertOurs, currentSchema, migrate, schemaVersion } from '../../../src/engine/store/migrate.ts';
import type { Migration } from '../../../src/engine/store/migration.ts';
import { MIGRATIONS } from '../../../src/engine/store/migrations/index.ts';
import { openReadableStore, openWritableStore } from '../../../src/engine/store/open-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const HASH = 'f'.repeat(64);

/** Rows that a user of schema N can have and one of the schema before cannot: none where N adds nothing to fill. */
const ROWS: Record<number, string> = {
  10: `
    INSERT INTO products VALUES ('P', 'part', 1);
    INSERT INTO defect_types VALUES ('T', 'P', 'crack');
    INSERT INTO images (id, product_id, role, split, type_id, blob, source, file, width, height, channels, bit_depth, created_at)
      VALUES ('I', 'P', 'defect', 'test', 'T', '${HASH}', '/photos', 'a.png', 8, 8, 3, 8, 1);
    INSERT INTO annotations VALUES ('A', 'I', 'T', 1, 'import', '${HASH}', 4, 1);
    INSERT INTO audit VALUES (1, 1, '{}', '0', 'h');`,
  20: `
    INSERT INTO packs VALUES ('K', 'embedded', 'embedded', 'p', '${HASH}', 1);
    INSERT INTO runs VALUES ('R', 'train', 'P', 'K', 'seas', '{}', 0, '${HASH}', '{}', 'd', 'cpu', 'queued', '{}', 1, 1);
    INSERT INTO checkpoints VALUES ('R', 2, '${HASH}', 1);
    INSERT INTO token_sets VALUES ('S', 'R', 'P', 'K', '[]', '[]', '{}', 1);
    INSERT INTO token_set_files VALUES ('S', 'unet', '${HASH}');`,
  30: `
    INSERT INTO generations (id, run_id, idx, product_id, generator, type_id, seed, source_image_id, source_use, window_rect,
      image_blob, mask_blob, width, height, recipe, recipe_hash, checks, flags, created_at)
      VALUES ('G', 'R', 0, 'P', 'windows', 'T', 1, 'I', 'source', NULL, '${HASH}', '${HASH}', 8, 8, '{}', '${HASH}', '{}', '[]', 1);
    INSERT INTO reviews VALUES (1, 'G', 'accept', NULL, 'all', 1);
    INSERT INTO exports VALUES ('E', 'P', 'coco', '/out', '{}', 1);`,
  50: `INSERT INTO unfinished_exports VALUES ('U', 'P', 'coco', '/out', '[]', '{}', 1);`,
  70: `INSERT INTO ui_state VALUES ('split', '0.5');`,
  90: `
    INSERT INTO type_colours VALUES ('T', '#ff0000');
    INSERT INTO label_documents VALUES ('D', 'picture', 'P', '/photos', 'a.png', '${HASH}', '{}', '[]', 1, 1, 1);
    INSERT INTO label_steps VALUES ('D', 0, 's', '{}', 1);
    INSERT INTO zones VALUES ('D', 1, '${HASH}', 1);`,
  100: `
    INSERT INTO placement_masks VALUES ('Z', 'P', 'zones', 'I', '${HASH}', 8, 8, 4, 1);
    INSERT INTO generation_repairs VALUES ('G', 1, '${HASH}', '${HASH}', '{}', '[]', 1);
    INSERT INTO review_steps VALUES (1, 'P', '{}', 'done', 1);
    INSERT INTO blind_tests VALUES ('B', 'P', '[]', '[]', NULL, 1, NULL);`,
  110: `
    INSERT INTO split_steps VALUES (1, 'P', 'set', 1, 1, 'done', 1);
    INSERT INTO split_changes VALUES (1, 1, 1, 'I', 'test', NULL, 1);
    INSERT INTO picture_looks VALUES ('${HASH}', NULL);
    INSERT INTO near_duplicates VALUES ('P', '${HASH}', NULL);`,
  120: `
    INSERT INTO training_points VALUES ('R', 10, '{"loss":1}');
    INSERT INTO training_previews VALUES ('V', 'R', 10, 'sample', 0, 'crack', NULL, '${HASH}', 128, 128);
    INSERT INTO training_times VALUES ('M', 'R', '${HASH}', 'cpu', '{}', 1, 2.5, 1e9, '[]');
    INSERT INTO training_ends VALUES ('R', 1);`,
  130: `
    INSERT INTO proof_cells VALUES ('R', 'real', 0, '{}', 1.5, x'00', 1);
    INSERT INTO proof_quality VALUES ('R', 0, '{}');
    INSERT INTO proof_examples VALUES ('R', '{}');`,
  140: `
    INSERT INTO inspections VALUES ('N', 'S', '${HASH}', '${HASH}', 8, 8, 1, 0.5, '${HASH}', NULL, 1);`,
};

function fill(db: WritableDb, upTo: number): void {
  for (const [version, insert] of Object.entries(ROWS)) if (Number(version) <= upTo) db.exec(insert);
}

type Row = Record<string, unknown>;

/** Every row of every table. */
function dump(db: WritableDb): Map<string, Row[]> {
  const tables = db.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  );
  return new Map(tables.map(({ name }) => [name, db.all<Row>(`SELECT * FROM "${name}"`)]));
}

/** Rows of before that are not there any more, their columns compared by name. */
function lostRows(before: Map<string, Row[]>, after: Map<string, Row[]>): string[] {
  const isKept = (row: Row, table: string): boolean =>
    (after.get(table) ?? []).some((now) =>
      Object.entries(row).every(([column, v]) => isDeepStrictEqual(now[column], v)),
    );
  return [...before].flatMap(([table, rows]) =>
    rows.filter((row) => !isKept(row, table)).map((row) => `${table} ${JSON.stringify(row)}`),
  );
}

describe('migrations', () => {
  test('numbers are tens and rise', () => {
    const versions = MIGRATIONS.map((migration) => migration.version);
    assert.deepEqual(
      versions,
      [...new Set(versions)].sort((x, y) => x - y),
    );
    assert.deepEqual(
      versions.filter((version) => version % 10 !== 0),
      [],
    );
  });

  for (const [i, { version }] of MIGRATIONS.entries()) {
    test(`schema ${version} with rows goes to ${currentSchema()} and loses none`, (t) => {
      const file = join(tempFolder(t), 'x.db');
      const db = connectWritable(file, false);
      migrate(db, MIGRATIONS.slice(0, i + 1));
      fill(db, version);
      const before = dump(db);
      db.close();
      const now = openWritableStore(file, { create: false });
      t.after(() => now.close());
      assert.equal(schemaVersion(now), currentSchema());
      assert.deepEqual(lostRows(before, dump(now)), []);
      assert.deepEqual(checkIntegrity(now), []);
      assert.equal(now.pragmaValue('foreign_keys'), 1);
    });
  }

  test('the tables that can be filled are filled', (t) => {
    const db = openWritableStore(join(tempFolder(t), 'x.db'), { create: true });
    t.after(() => db.close());
    fill(db, currentSchema());
    for (const [table, rows] of dump(db)) assert.ok(rows.length > 0, `${table}: add a row of it to ROWS`);
  });

  test('every schema before comes to the same tables, indexes and triggers as a new file', (t) => {
    const schemaOf = (from: number): unknown => {
      const db = connectWritable(join(tempFolder(t), 'x.db'), false);
      for (let i = from; i <= MIGRATIONS.length; i++) migrate(db, MIGRATIONS.slice(0, i));
      const schema = db.all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name');
      db.close();
      return schema;
    };
    for (let from = 1; from < MIGRATIONS.length; from++)
      assert.deepEqual(schemaOf(from), schemaOf(MIGRATIONS.length));
  });

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
