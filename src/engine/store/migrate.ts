// Brings a database to the schema of this version: numbered migrations, each in one transaction.

import { AppError, invariant } from '../../core/base/errors.ts';
import type { ReadableDb, WritableDb } from './database.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** 'FLWS' in ASCII: marks a SQLite file as a Flawsmith workspace. */
export const APPLICATION_ID = 0x464c5753;

/** Number of the last migration that ran; 0 for an empty database. */
export function schemaVersion(db: ReadableDb): number {
  return Number(db.pragmaValue('user_version'));
}

/** The schema this program writes. */
export function currentSchema(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Throws unless the file is ours and not from a newer version. */
export function assertOurs(db: ReadableDb, migrations: readonly Migration[] = MIGRATIONS): void {
  const id = Number(db.pragmaValue('application_id'));
  const tables = db.get<{ n: number }>('SELECT count(*) AS n FROM sqlite_schema')!.n;
  if (id !== APPLICATION_ID && tables > 0) {
    throw new AppError('corrupt', 'this database was not made by Flawsmith', {
      file: db.file,
      hint: 'Choose another folder, or an empty one for a new workspace.',
    });
  }
  const version = schemaVersion(db);
  if (version > currentSchema(migrations)) {
    throw new AppError(
      'schema-newer',
      `the workspace was written by a newer Flawsmith (schema ${version}, this program knows ${currentSchema(migrations)})`,
      { file: db.file, hint: 'Open it with the newer program; nothing was changed.' },
    );
  }
}

/** Runs what is missing; returns the numbers of the migrations that ran. A failing one leaves the database as it was. */
export function migrate(db: WritableDb, migrations: readonly Migration[] = MIGRATIONS): number[] {
  for (let i = 1; i < migrations.length; i++) {
    invariant(
      migrations[i].version > migrations[i - 1].version,
      `migration ${migrations[i].version} is out of order`,
    );
  }
  assertOurs(db, migrations);
  const ran: number[] = [];
  // Rebuilding a table drops the old one, which must not cascade; the setting is ignored inside a transaction.
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of migrations) {
      if (migration.version <= schemaVersion(db)) continue;
      db.transaction(() => apply(db, migration));
      ran.push(migration.version);
    }
  } finally {
    db.pragma('foreign_keys = ON');
  }
  return ran;
}

function apply(db: WritableDb, migration: Migration): void {
  migration.up(db);
  const broken = db.pragma('foreign_key_check') as unknown[];
  invariant(
    broken.length === 0,
    `migration ${migration.version} (${migration.name}) leaves ${broken.length} dangling references`,
  );
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${migration.version}`);
}
