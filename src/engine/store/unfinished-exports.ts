// Exports between their begin and their record.

import type { JsonObject } from '../../core/domain/json.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface UnfinishedExport {
  id: string;
  productId: string;
  format: string;
  folder: string;
  /** Names of partial folders beside `folder` that were there before. */
  others: string[];
  counts: JsonObject;
  createdAt: number;
}

export function insertUnfinishedExport(db: WritableDb, row: UnfinishedExport): void {
  db.run(
    `INSERT INTO unfinished_exports (id, product_id, format, folder, others, counts, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.productId,
    row.format,
    row.folder,
    JSON.stringify(row.others),
    JSON.stringify(row.counts),
    row.createdAt,
  );
}

export function deleteUnfinishedExport(db: WritableDb, id: string): void {
  db.run('DELETE FROM unfinished_exports WHERE id = ?', id);
}

/** Oldest first. */
export function listUnfinishedExports(db: ReadableDb): UnfinishedExport[] {
  const rows = db.all<Omit<UnfinishedExport, 'others' | 'counts'> & { others: string; counts: string }>(
    `SELECT id, product_id AS productId, format, folder, others, counts, created_at AS createdAt
     FROM unfinished_exports ORDER BY created_at, id`,
  );
  return rows.map((row) => ({ ...row, others: JSON.parse(row.others), counts: JSON.parse(row.counts) }));
}
