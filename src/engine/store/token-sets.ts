// What a fine-tune learned: its files as blobs, the types it knows and how to use it.

import type { JsonObject } from '../../core/domain/json.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface TokenSetRow {
  id: string;
  runId: string;
  productId: string;
  packId: string | null;
  types: string[];
  /** Ids of the pictures it was trained on. */
  shots: string[];
  config: JsonObject;
  createdAt: number;
  /** File name inside the token set to blob hash. */
  files: Record<string, string>;
}

type Stored = Omit<TokenSetRow, 'types' | 'shots' | 'config' | 'files'> & {
  types: string;
  shots: string;
  config: string;
};

const SELECT = `SELECT id, run_id AS runId, product_id AS productId, pack_id AS packId, types, shots, config,
  created_at AS createdAt FROM token_sets`;

/** A token set by its own id or by the id of the run that made it. */
export function findTokenSet(db: ReadableDb, id: string): TokenSetRow | undefined {
  return complete(db, db.get<Stored>(`${SELECT} WHERE id = @id OR run_id = @id`, { id }));
}

/** The newest that a method made. */
export function latestTokenSet(db: ReadableDb, productId: string, method = 'seas'): TokenSetRow | undefined {
  return complete(
    db,
    db.get<Stored>(
      `${SELECT} WHERE product_id = ? AND run_id IN (SELECT id FROM runs WHERE method = ?)
       ORDER BY created_at DESC, id DESC LIMIT 1`,
      productId,
      method,
    ),
  );
}

/** Newest first. */
export function listTokenSets(db: ReadableDb, productId: string): TokenSetRow[] {
  return db
    .all<Stored>(`${SELECT} WHERE product_id = ? ORDER BY created_at DESC, id DESC`, productId)
    .map((row) => complete(db, row)!);
}

/** Inserts the token set with its files; call it in a transaction. */
export function insertTokenSet(db: WritableDb, set: TokenSetRow): void {
  db.run(
    `INSERT INTO token_sets (id, run_id, product_id, pack_id, types, shots, config, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    set.id,
    set.runId,
    set.productId,
    set.packId,
    JSON.stringify(set.types),
    JSON.stringify(set.shots),
    JSON.stringify(set.config),
    set.createdAt,
  );
  for (const [name, blob] of Object.entries(set.files)) {
    db.run('INSERT INTO token_set_files (token_set_id, name, blob) VALUES (?, ?, ?)', set.id, name, blob);
  }
}

function complete(db: ReadableDb, row: Stored | undefined): TokenSetRow | undefined {
  if (row === undefined) return undefined;
  const files = db.all<{ name: string; blob: string }>(
    'SELECT name, blob FROM token_set_files WHERE token_set_id = ? ORDER BY name',
    row.id,
  );
  return {
    ...row,
    types: JSON.parse(row.types),
    shots: JSON.parse(row.shots),
    config: JSON.parse(row.config),
    files: Object.fromEntries(files.map((file) => [file.name, file.blob])),
  };
}
