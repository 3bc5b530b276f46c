// Blind tests: which pictures were shown, and what was answered.

import type { ReadableDb, WritableDb } from './database.ts';

export interface BlindItem {
  kind: 'picture' | 'generated';
  id: string;
  /** The part that is shown, in pixels. */
  rect: { x: number; y: number; width: number; height: number };
  width: number;
  height: number;
}

export interface BlindTestRow {
  id: string;
  productId: string;
  items: BlindItem[];
  /** In the order of the items; null where nothing was said yet. */
  answers: ('real' | 'generated' | null)[];
  person: string | null;
  createdAt: number;
  finishedAt: number | null;
}

type Stored = Omit<BlindTestRow, 'items' | 'answers'> & { items: string; answers: string };

const SELECT = `SELECT id, product_id AS productId, items, answers, person, created_at AS createdAt,
  finished_at AS finishedAt FROM blind_tests`;

export function insertBlindTest(db: WritableDb, test: BlindTestRow): void {
  db.run(
    `INSERT INTO blind_tests (id, product_id, items, answers, person, created_at, finished_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    test.id,
    test.productId,
    JSON.stringify(test.items),
    JSON.stringify(test.answers),
    test.person,
    test.createdAt,
    test.finishedAt,
  );
}

export function getBlindTest(db: ReadableDb, id: string): BlindTestRow | undefined {
  const row = db.get<Stored>(`${SELECT} WHERE id = ?`, id);
  return row === undefined ? undefined : parsed(row);
}

/** Newest first. */
export function listBlindTests(db: ReadableDb, productId: string): BlindTestRow[] {
  return db
    .all<Stored>(`${SELECT} WHERE product_id = ? ORDER BY created_at DESC, id DESC`, productId)
    .map(parsed);
}

export function storeAnswers(
  db: WritableDb,
  id: string,
  answers: BlindTestRow['answers'],
  finishedAt: number | null,
): void {
  db.run(
    'UPDATE blind_tests SET answers = ?, finished_at = ? WHERE id = ?',
    JSON.stringify(answers),
    finishedAt,
    id,
  );
}

function parsed(row: Stored): BlindTestRow {
  return { ...row, items: JSON.parse(row.items), answers: JSON.parse(row.answers) };
}
