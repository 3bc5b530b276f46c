// What inspections found, by model, way of looking and the picture's content.

import type { ReadableDb, WritableDb } from './database.ts';

export interface InspectionRow {
  id: string;
  tokenSetId: string;
  way: string;
  sha256: string;
  width: number;
  height: number;
  windows: number;
  score: number;
  mapBlob: string;
  heatBlob: string | null;
  createdAt: number;
}

const SELECT = `SELECT id, token_set_id AS tokenSetId, way, sha256, width, height, windows, score,
  map_blob AS mapBlob, heat_blob AS heatBlob, created_at AS createdAt FROM inspections`;

export function findInspection(
  db: ReadableDb,
  tokenSetId: string,
  way: string,
  sha256: string,
): InspectionRow | undefined {
  return db.get<InspectionRow>(
    `${SELECT} WHERE token_set_id = ? AND way = ? AND sha256 = ?`,
    tokenSetId,
    way,
    sha256,
  );
}

export function getInspection(db: ReadableDb, id: string): InspectionRow | undefined {
  return db.get<InspectionRow>(`${SELECT} WHERE id = ?`, id);
}

/** In place of what was found before in the same way: its map may have been lost. */
export function putInspection(db: WritableDb, row: InspectionRow): void {
  db.run(
    `INSERT OR REPLACE INTO inspections (id, token_set_id, way, sha256, width, height, windows, score, map_blob, heat_blob, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.tokenSetId,
    row.way,
    row.sha256,
    row.width,
    row.height,
    row.windows,
    row.score,
    row.mapBlob,
    row.heatBlob,
    row.createdAt,
  );
}

export function setHeat(db: WritableDb, id: string, heatBlob: string): void {
  db.run('UPDATE inspections SET heat_blob = ? WHERE id = ?', heatBlob, id);
}
