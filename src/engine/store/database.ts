// The only importer of better-sqlite3: two handle types over one connection, so that reading code cannot write.

import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { invariant } from '../../core/base/errors.ts';
import { translateSqliteError } from './sqlite-error.ts';

export type SqlValue = string | number | null | Uint8Array;
/** Values for `?` in order, or one record for `@name`. */
export type SqlParams = SqlValue[] | [Record<string, SqlValue>];

/** How long a statement waits for another process's transaction before it reports `locked`. */
const BUSY_TIMEOUT_MS = 5000;

/** SQLite file format, section 1.3: one byte each for writing and reading, 1 rollback journal, 2 WAL. */
const READ_WRITE_VERSION_AT = 18;

/** A connection that runs only statements SQLite itself calls read-only. */
export class ReadableDb {
  readonly file: string;
  readonly #native: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(file: string, native: Database.Database) {
    this.file = file;
    this.#native = native;
  }

  /** All rows of a query. */
  all<Row>(sql: string, ...params: SqlParams): Row[] {
    return this.guarded(() => this.#reading(sql).all(...params) as Row[]);
  }

  /** The first row of a query, if there is one. */
  get<Row>(sql: string, ...params: SqlParams): Row | undefined {
    return this.guarded(() => this.#reading(sql).get(...params) as Row | undefined);
  }

  /** A pragma's rows. */
  pragma(text: string): unknown {
    return this.guarded(() => this.#native.pragma(text));
  }

  /** A pragma's single value. */
  pragmaValue(text: string): unknown {
    return this.guarded(() => this.#native.pragma(text, { simple: true }));
  }

  /** Writes a copy of what this connection sees now into a new file, while others go on writing. */
  copyTo(file: string): void {
    try {
      this.#native.prepare('VACUUM INTO ?').run(file);
    } catch (error) {
      throw translateSqliteError(error, file);
    }
  }

  close(): void {
    if (this.#native.open) this.#native.close();
  }

  protected statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#native.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  protected get native(): Database.Database {
    return this.#native;
  }

  protected guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translateSqliteError(error, this.file, () => this.#isSound());
    }
  }

  /** Reads everything: only for telling damage from a bug. */
  #isSound(): boolean {
    try {
      const damage = this.#native.pragma('integrity_check(1)', { simple: true });
      return damage === 'ok' && (this.#native.pragma('foreign_key_check') as unknown[]).length === 0;
    } catch {
      return false;
    }
  }

  #reading(sql: string): Database.Statement {
    const statement = this.statement(sql);
    invariant(statement.readonly, `a reading handle was asked to write: ${sql}`);
    return statement;
  }
}

/** A connection that may change the database. */
export class WritableDb extends ReadableDb {
  /** Runs a statement that changes rows; returns how many. */
  run(sql: string, ...params: SqlParams): number {
    return this.guarded(() => this.statement(sql).run(...params).changes);
  }

  /** Runs a script of several statements (schema changes). */
  exec(sql: string): void {
    this.guarded(() => this.native.exec(sql));
  }

  /** All or nothing; takes the write lock at the start. Nested calls are savepoints. */
  transaction<T>(work: () => T): T {
    return this.guarded(() => this.native.transaction(work).immediate());
  }
}

/** Connects for reading. */
export function connectReadable(file: string): ReadableDb {
  return new ReadableDb(file, connect(file, file, { readonly: true, fileMustExist: true }));
}

/**
 * Reads the whole file into memory, for media that cannot hold the two files WAL needs. Only right while no `-wal` file
 * lies beside it: the bytes that say "WAL" are changed in the copy, because SQLite has no WAL in memory.
 */
export function connectCopy(file: string): ReadableDb {
  const bytes = readFileSync(file);
  bytes.fill(1, READ_WRITE_VERSION_AT, READ_WRITE_VERSION_AT + 2);
  return new ReadableDb(file, connect(bytes, file, { readonly: true }));
}

/** Connects for writing. */
export function connectWritable(file: string, mustExist: boolean): WritableDb {
  return new WritableDb(file, connect(file, file, { readonly: false, fileMustExist: mustExist }));
}

function connect(source: string | Buffer, file: string, options: Database.Options): Database.Database {
  try {
    return new Database(source, { ...options, timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw translateSqliteError(error, file);
  }
}
