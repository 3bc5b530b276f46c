// Opens flawsmith.db: durable settings, migrations, and a clear refusal where it cannot be opened.

import { existsSync, statSync } from 'node:fs';
import { AppError } from '../../core/base/errors.ts';
import {
  connectCopy,
  connectReadable,
  connectWritable,
  type ReadableDb,
  type WritableDb,
} from './database.ts';
import { assertOurs, currentSchema, migrate, schemaVersion } from './migrate.ts';

/**
 * Opens for writing and brings the schema up to date.
 *
 * synchronous = FULL: a committed transaction survives a power cut, because an event about it may already have
 * been sent. Commits are rare here (one per picture or checkpoint), so the extra fsync costs nothing that matters.
 */
export function openWritableStore(file: string, options: { create: boolean }): WritableDb {
  const db = connectWritable(file, !options.create);
  try {
    assertOurs(db);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('trusted_schema = OFF');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens for reading only; never changes the file, so an old schema is refused and not migrated. */
export function openReadableStore(file: string): ReadableDb {
  const db = connectForReading(file);
  try {
    assertOurs(db);
    if (schemaVersion(db) === 0) {
      throw new AppError('not-found', 'the making of this workspace was cut off', {
        file,
        hint: 'Run "flawsmith init" on it again.',
      });
    }
    if (schemaVersion(db) < currentSchema()) {
      throw new AppError('unsupported', 'the workspace was written by an older Flawsmith', {
        file,
        hint: 'Open it once for writing to bring it up to date, for example with "flawsmith doctor --repair".',
      });
    }
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** WAL needs two files beside the database; where they cannot be made (a write-protected or full medium), reads it as it is. */
function connectForReading(file: string): ReadableDb {
  try {
    return probed(connectReadable(file));
  } catch (error) {
    const hasNoRoom = error instanceof AppError && (error.code === 'read-only' || error.code === 'no-space');
    if (!hasNoRoom || !existsSync(file) || sizeOf(`${file}-wal`) > 0) throw error;
    return probed(connectCopy(file));
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** SQLite opens lazily: the first query tells whether the file can be read. */
function probed(db: ReadableDb): ReadableDb {
  try {
    db.get('SELECT count(*) AS n FROM sqlite_schema');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
