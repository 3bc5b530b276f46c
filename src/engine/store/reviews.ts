// Decisions on generated pictures; all are kept, the last one counts.

import type { ReadableDb, WritableDb } from './database.ts';

export type Decision = 'accept' | 'reject' | 'reset';

export interface ReviewRow {
  generationId: string;
  decision: Decision;
  reason: string | null;
  /** The rule that decided, where it was not a person looking at this picture. */
  rule: string | null;
  createdAt: number;
}

/** Returns its number. */
export function insertReview(db: WritableDb, review: ReviewRow): number {
  db.run(
    'INSERT INTO reviews (generation_id, decision, reason, rule, created_at) VALUES (?, ?, ?, ?, ?)',
    review.generationId,
    review.decision,
    review.reason,
    review.rule,
    review.createdAt,
  );
  return db.get<{ seq: number }>('SELECT max(seq) AS seq FROM reviews')!.seq;
}

/** Oldest first. */
export function listReviews(db: ReadableDb, generationId: string): ReviewRow[] {
  return db.all<ReviewRow>(
    `SELECT generation_id AS generationId, decision, reason, rule, created_at AS createdAt FROM reviews
     WHERE generation_id = ? ORDER BY seq`,
    generationId,
  );
}

const SELECT = `SELECT generation_id AS generationId, decision, reason, rule, created_at AS createdAt FROM reviews`;

/** Oldest first, both ends included. */
export function reviewsBetween(db: ReadableDb, first: number, last: number): ReviewRow[] {
  return db.all<ReviewRow>(`${SELECT} WHERE seq BETWEEN ? AND ? ORDER BY seq`, first, last);
}

/** The decision that counted before the review of that number. */
export function decisionBefore(db: ReadableDb, generationId: string, seq: number): ReviewRow | undefined {
  return db.get<ReviewRow>(
    `${SELECT} WHERE generation_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1`,
    generationId,
    seq,
  );
}

/** How many pictures of a product are accepted, rejected and undecided. */
export function countByStatus(
  db: ReadableDb,
  productId: string,
): { accepted: number; rejected: number; undecided: number } {
  const counts = { accepted: 0, rejected: 0, undecided: 0 };
  const rows = db.all<{ status: keyof typeof counts; n: number }>(
    `SELECT s.status, count(*) AS n FROM generation_status s JOIN generations g ON g.id = s.generation_id
     WHERE g.product_id = ? GROUP BY s.status`,
    productId,
  );
  for (const row of rows) counts[row.status] = row.n;
  return counts;
}
