// Exports that were written: where to, in which format, with what in them.

import type { JsonObject } from '../../core/domain/json.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface ExportRow {
  id: string;
  productId: string;
  format: string;
  folder: string;
  summary: JsonObject;
  createdAt: number;
}

export function insertExport(db: WritableDb, row: ExportRow): void {
  db.run(
    'INSERT INTO exports (id, product_id, format, folder, summary, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    row.id,
    row.productId,
    row.format,
    row.folder,
    JSON.stringify(row.summary),
    row.createdAt,
  );
}

/** Oldest first. */
export function listExports(db: ReadableDb): ExportRow[] {
  const rows = db.all<Omit<ExportRow, 'summary'> & { summary: string }>(
    `SELECT id, product_id AS productId, format, folder, summary, created_at AS createdAt FROM exports
     ORDER BY created_at, id`,
  );
  return rows.map((row) => ({ ...row, summary: JSON.parse(row.summary) }));
}
