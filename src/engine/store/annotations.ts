// Masks of pictures with their history.

import type { ReadableDb, WritableDb } from './database.ts';

export type AnnotationOrigin = 'import' | 'user' | 'model';

export interface AnnotationRow {
  id: string;
  imageId: string;
  typeId: string;
  revision: number;
  origin: AnnotationOrigin;
  blob: string;
  areaPx: number | null;
  createdAt: number;
}

const SELECT = `SELECT id, image_id AS imageId, type_id AS typeId, revision, origin, blob, area_px AS areaPx,
  created_at AS createdAt FROM annotations`;

/** All revisions of a picture's mask of one type, oldest first. */
export function listRevisions(db: ReadableDb, imageId: string, typeId: string): AnnotationRow[] {
  return db.all<AnnotationRow>(
    `${SELECT} WHERE image_id = ? AND type_id = ? ORDER BY revision`,
    imageId,
    typeId,
  );
}

/** The last mask that came from an import: an unchanged import adds no revision over a user's later strokes. */
export function lastImportedMask(db: ReadableDb, imageId: string, typeId: string): AnnotationRow | undefined {
  return db.get<AnnotationRow>(
    `${SELECT} WHERE image_id = ? AND type_id = ? AND origin = 'import' ORDER BY revision DESC LIMIT 1`,
    imageId,
    typeId,
  );
}

/** Adds the next revision and returns its number. */
export function addRevision(db: WritableDb, annotation: Omit<AnnotationRow, 'revision'>): number {
  const last = db.get<{ revision: number | null }>(
    'SELECT max(revision) AS revision FROM annotations WHERE image_id = ? AND type_id = ?',
    annotation.imageId,
    annotation.typeId,
  );
  const revision = (last?.revision ?? 0) + 1;
  db.run(
    `INSERT INTO annotations (id, image_id, type_id, revision, origin, blob, area_px, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    annotation.id,
    annotation.imageId,
    annotation.typeId,
    revision,
    annotation.origin,
    annotation.blob,
    annotation.areaPx,
    annotation.createdAt,
  );
  return revision;
}
