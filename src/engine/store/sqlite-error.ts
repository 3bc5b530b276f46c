// Turns what SQLite reports into words for the user; anything else is our bug and passes unchanged.

import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../core/base/errors.ts';

/**
 * An AppError for conditions of the disk or of another process; other errors are returned as they are. A broken
 * constraint is our bug unless `isSound` says that the rows were damaged before.
 */
export function translateSqliteError(error: unknown, file: string, isSound = () => true): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof AppError || typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  if (code.startsWith('SQLITE_FULL') || (code.startsWith('SQLITE_IOERR') && isFull(file))) {
    return new AppError(
      'no-space',
      'the disk is full, nothing was stored',
      { file, hint: 'Free some space and run the command again.' },
      error,
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') {
    return new AppError(
      'read-only',
      'the workspace database cannot be opened for writing',
      { file, hint: 'Check that you may write to this folder and that the medium is not write-protected.' },
      error,
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError(
      'locked',
      'another program is writing to the workspace database',
      { file, hint: 'Wait until it has finished, or close it.' },
      error,
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || hasForeignSchema(code, error)) {
    return new AppError(
      'corrupt',
      'the workspace database is damaged or is not a database',
      { file, hint: 'Run "flawsmith doctor"; if it cannot help, restore the folder from a backup.' },
      error,
    );
  }
  if (code.startsWith('SQLITE_CONSTRAINT') && !isSound()) {
    return new AppError(
      'corrupt',
      'the workspace database contradicts itself; nothing was stored',
      { file, hint: 'Run "flawsmith doctor"; if it cannot help, restore the folder from a backup.' },
      error,
    );
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new AppError(
      'runtime',
      'the disk reported an error while reading or writing the workspace database',
      { file, hint: 'Check the disk and its cable or network, then run "flawsmith doctor".' },
      error,
    );
  }
  return error;
}

/** What a transaction needs at least; below it, SQLite cannot make or lengthen the files beside the database. */
const LEAST_BYTES = 64 * 1024;

/** A full disk shows as an I/O error where SQLite makes its shared memory. */
function isFull(file: string): boolean {
  try {
    const { bavail, bsize, blocks } = statfsSync(dirname(file));
    // Network drives report 0 blocks where they do not know.
    return blocks > 0 && bavail * bsize < LEAST_BYTES;
  } catch {
    return false;
  }
}

/** Tables or columns that every migrated database has are not there: its schema was damaged. */
function hasForeignSchema(code: string, error: unknown): boolean {
  const lacking =
    /^(no such (table|column)|table \w+ has no column|malformed database schema|unrecognized token)/;
  return code === 'SQLITE_ERROR' && error instanceof Error && lacking.test(error.message);
}
