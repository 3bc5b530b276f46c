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

/** Notes how a later look at an export ended, with it. */
export function noteExportChecked(
  db: WritableDb,
  id: string,
  checked: { at: number; ok: boolean; problem: string | null },
): void {
  db.run(
    `UPDATE exports SET summary = json_set(summary, '$.checked', json(?)) WHERE id = ?`,
    JSON.stringify(checked),
    id,
  );
}
