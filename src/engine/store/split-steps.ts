// The user's changes of splits and parts: written to the pictures that count now, with what was before.

import type { ImageSplit } from '../../core/domain/import-report.ts';
import type { SplitPicture } from '../../core/domain/split-plan.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export type SplitStepKind = 'set' | 'rule' | 'parts' | 'mend';

export interface SplitStepRow {
  seq: number;
  kind: SplitStepKind;
  pictures: number;
  turn: number;
}

/** What a picture shall be. */
export interface SplitChange {
  imageId: string;
  split: ImageSplit | null;
  part: string | null;
}

const STEP = 'SELECT seq, kind, pictures, turn FROM split_steps WHERE product_id = ?';

/** All pictures that count now, as splits see them, by file name. */
export function listSplitPictures(db: ReadableDb, productId: string): SplitPicture[] {
  return db.all<SplitPicture>(
    `SELECT i.id, i.file, i.blob, i.split, i.part_group AS part, n."group" AS near,
       CASE i.role WHEN 'defect' THEN coalesce(t.name, '') ELSE ' ' || i.role END AS kind
     FROM images i LEFT JOIN defect_types t ON t.id = i.type_id
       LEFT JOIN near_duplicates n ON n.product_id = i.product_id AND n.blob = i.blob
     WHERE i.product_id = ? AND i.superseded_by IS NULL ORDER BY i.file, i.blob, i.id`,
    productId,
  );
}

/** Applies a new step inside the caller's transaction; what was undone before is dropped. Gives how many changed. */
export function applySplitStep(
  db: WritableDb,
  productId: string,
  { kind, changes, at }: { kind: SplitStepKind; changes: readonly SplitChange[]; at: number },
): number {
  const real = changes.filter(({ imageId, split, part }) => {
    const now = db.get<{ split: string | null; part: string | null }>(
      'SELECT split, part_group AS part FROM images WHERE id = ?',
      imageId,
    );
    return now !== undefined && (now.split !== split || now.part !== part);
  });
  if (real.length === 0) return 0;
  db.run("UPDATE split_steps SET state = 'dropped' WHERE product_id = ? AND state = 'undone'", productId);
  db.run(
    `INSERT INTO split_steps (product_id, kind, pictures, turn, state, created_at) VALUES (?, ?, ?, 1, 'done', ?)`,
    productId,
    kind,
    real.length,
    at,
  );
  const { seq } = db.get<{ seq: number }>('SELECT max(seq) AS seq FROM split_steps')!;
  writeChanges(db, seq, 1, real, at);
  return real.length;
}

/** The step that undo takes back, or that redo does again. */
export function openSplitStep(
  db: ReadableDb,
  productId: string,
  way: 'undo' | 'redo',
): SplitStepRow | undefined {
  const [state, order] = way === 'undo' ? ['done', 'DESC'] : ['undone', 'ASC'];
  return db.get<SplitStepRow>(`${STEP} AND state = '${state}' ORDER BY seq ${order} LIMIT 1`, productId);
}

/**
 * Inverts the last turn of a step. Where a picture got a successor since (its label changed), the successor is
 * changed. Gives how many pictures changed.
 */
export function turnSplitStep(db: WritableDb, step: SplitStepRow, way: 'undo' | 'redo', at: number): number {
  const before = db.all<SplitChange>(
    `SELECT j.id AS imageId, c.before_split AS split, c.before_group AS part FROM split_changes c
       JOIN images i ON i.id = c.image_id
       JOIN images j ON j.product_id = i.product_id AND j.file = i.file AND j.source = i.source
         AND j.superseded_by IS NULL
     WHERE c.step = ? AND c.turn = ? GROUP BY j.id`,
    step.seq,
    step.turn,
  );
  const turn = step.turn + 1;
  writeChanges(db, step.seq, turn, before, at);
  const state = way === 'undo' ? 'undone' : 'done';
  db.run('UPDATE split_steps SET state = ?, turn = ? WHERE seq = ?', state, turn, step.seq);
  return before.length;
}

function writeChanges(
  db: WritableDb,
  step: number,
  turn: number,
  changes: readonly SplitChange[],
  at: number,
): void {
  for (const { imageId, split, part } of changes) {
    db.run(
      `INSERT INTO split_changes (step, turn, image_id, before_split, before_group, created_at)
         SELECT ?, ?, id, split, part_group, ? FROM images WHERE id = ?`,
      step,
      turn,
      at,
      imageId,
    );
    db.run('UPDATE images SET split = ?, part_group = ? WHERE id = ?', split, part, imageId);
  }
}
