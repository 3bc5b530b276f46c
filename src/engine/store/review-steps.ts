// The reviewer's actions in their order, to take them back and do them again.

import type { ReadableDb, WritableDb } from './database.ts';
import type { Decision } from './reviews.ts';

/** Decisions are rows of `reviews` with numbers `first` to `last`; a repair leads from one revision to another. */
export type ReviewStepWork =
  | {
      kind: 'decide';
      decision: Decision | 'replace';
      count: number;
      first: number;
      last: number;
      made?: string;
    }
  | { kind: 'repair'; generation: string; from: number; to: number };

export interface ReviewStepRow {
  seq: number;
  productId: string;
  what: ReviewStepWork;
  createdAt: number;
}

type Stored = Omit<ReviewStepRow, 'what'> & { what: string };

const SELECT = 'SELECT seq, product_id AS productId, what, created_at AS createdAt FROM review_steps';

/** What was taken back before can then not be done again. */
export function insertReviewStep(db: WritableDb, productId: string, what: ReviewStepWork, at: number): void {
  db.run("UPDATE review_steps SET state = 'dropped' WHERE product_id = ? AND state = 'undone'", productId);
  db.run(
    "INSERT INTO review_steps (product_id, what, state, created_at) VALUES (?, ?, 'done', ?)",
    productId,
    JSON.stringify(what),
    at,
  );
}

/** The step that undo takes back. */
export function lastDone(db: ReadableDb, productId: string): ReviewStepRow | undefined {
  return parsed(
    db.get<Stored>(`${SELECT} WHERE product_id = ? AND state = 'done' ORDER BY seq DESC LIMIT 1`, productId),
  );
}

/** The step that redo does again. */
export function firstUndone(db: ReadableDb, productId: string): ReviewStepRow | undefined {
  return parsed(
    db.get<Stored>(`${SELECT} WHERE product_id = ? AND state = 'undone' ORDER BY seq LIMIT 1`, productId),
  );
}

export function markStep(db: WritableDb, seq: number, state: 'done' | 'undone', what: ReviewStepWork): void {
  db.run('UPDATE review_steps SET state = ?, what = ? WHERE seq = ?', state, JSON.stringify(what), seq);
}

function parsed(row: Stored | undefined): ReviewStepRow | undefined {
  return row === undefined ? undefined : { ...row, what: JSON.parse(row.what) };
}
