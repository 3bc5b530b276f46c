// Generated pictures whose mask a person corrected: revisions, the last one counts.

import type { JsonObject } from '../../core/domain/json.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface PictureVersion {
  imageBlob: string;
  maskBlob: string;
  checks: JsonObject;
  flags: string[];
}

type Stored = Omit<PictureVersion, 'checks' | 'flags'> & { checks: string; flags: string };

/** 0 where it is as it was made. */
export function repairRevision(db: ReadableDb, generationId: string): number {
  const row = db.get<{ revision: number | null }>(
    'SELECT max(revision) AS revision FROM generation_repairs WHERE generation_id = ?',
    generationId,
  );
  return row?.revision ?? 0;
}

/** How the picture was at a revision; 0: as it was made. */
export function versionAt(db: ReadableDb, generationId: string, revision: number): PictureVersion {
  const row =
    revision === 0
      ? db.get<Stored>(
          `SELECT image_blob AS imageBlob, mask_blob AS maskBlob, checks, flags FROM generations WHERE id = ?`,
          generationId,
        )
      : db.get<Stored>(
          `SELECT image_blob AS imageBlob, mask_blob AS maskBlob, checks, flags FROM generation_repairs
           WHERE generation_id = ? AND revision = ?`,
          generationId,
          revision,
        );
  return { ...row!, checks: JSON.parse(row!.checks), flags: JSON.parse(row!.flags) };
}

/** Adds the next revision and returns its number. */
export function addRepair(db: WritableDb, generationId: string, version: PictureVersion, at: number): number {
  const revision = repairRevision(db, generationId) + 1;
  db.run(
    `INSERT INTO generation_repairs (generation_id, revision, image_blob, mask_blob, checks, flags, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    generationId,
    revision,
    version.imageBlob,
    version.maskBlob,
    JSON.stringify(version.checks),
    JSON.stringify(version.flags),
    at,
  );
  return revision;
}
