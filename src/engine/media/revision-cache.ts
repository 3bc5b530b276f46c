// A product's dataset revision without reading all of its pictures again: kept beside the small versions, with a stamp
// of the tables it follows from. May be deleted any time.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadableDb } from '../store/database.ts';
import { datasetRevision } from '../store/dataset-revision.ts';
import type { ReadableWorkspace } from '../workspace.ts';

interface Kept {
  stamp: string;
  revision: string;
}

/** Below this many pictures nothing is won. */
const WORTH_KEEPING = 2000;

export function revisionOf({ db, folder }: ReadableWorkspace, productId: string): string {
  const { stamp, pictures } = stampOf(db, productId);
  if (pictures < WORTH_KEEPING) return datasetRevision(db, productId);
  const file = join(folder, 'cache', `revision-${productId}.json`);
  const kept = read(file);
  if (kept?.stamp === stamp) return kept.revision;
  const revision = datasetRevision(db, productId);
  write(file, { stamp, revision });
  return revision;
}

/** Changes whenever a row that the revision is made of does. Rows are only added; pictures also get successors. */
function stampOf(db: ReadableDb, productId: string): { stamp: string; pictures: number } {
  const last = (table: string): string => `(SELECT coalesce(max(rowid), 0) FROM ${table})`;
  const row = db.get<Record<string, string | number>>(
    `SELECT ${['images', 'annotations', 'split_changes'].map((t) => `${last(t)} AS ${t}`).join(', ')},
       (SELECT count(*) || ' ' || coalesce(max(created_at), 0) FROM zones) AS zones,
       (SELECT group_concat(id || ' ' || name) FROM (SELECT id, name FROM defect_types WHERE product_id = @productId
         ORDER BY id)) AS types,
       (SELECT count(*) FROM images INDEXED BY images_queue WHERE product_id = @productId AND superseded_by IS NULL)
         AS pictures`,
    { productId },
  )!;
  return { stamp: JSON.stringify(Object.values(row)), pictures: Number(row.pictures) };
}

function read(file: string): Kept | null {
  try {
    const { stamp, revision } = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return /^[0-9a-f]{64}$/.test(revision) ? { stamp, revision } : null;
  } catch {
    return null;
  }
}

/** That it cannot be kept stops nobody. */
function write(file: string, kept: Kept): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const temp = `${file}.${process.pid}.tmp`;
    writeFileSync(temp, JSON.stringify(kept));
    renameSync(temp, file);
  } catch {}
}
