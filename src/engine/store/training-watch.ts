// What a training shows while it runs: points of its loss curve, pictures of a few moments, and the wish to end it.

import type { ReadableDb, WritableDb } from './database.ts';

export const PREVIEW_KINDS = ['sample', 'real', 'attention'] as const;
export type PreviewKind = (typeof PREVIEW_KINDS)[number];

export interface CurvePointRow {
  step: number;
  terms: Record<string, number>;
}

export interface PreviewRow {
  id: string;
  runId: string;
  /** Updates that were done when it was made. */
  step: number;
  kind: PreviewKind;
  /** Which of its kind: the same place has the same seed at every step. */
  place: number;
  type: string;
  /** Of attention: the token that looks. */
  token: string | null;
  blob: string;
  width: number;
  height: number;
}

/** Puts a point of the curve in the place of what a run before its interruption wrote there. */
export function putPoint(db: WritableDb, runId: string, { step, terms }: CurvePointRow): void {
  db.run(
    'INSERT OR REPLACE INTO training_points (run_id, step, terms) VALUES (?, ?, ?)',
    runId,
    step,
    JSON.stringify(terms),
  );
}

export function listPoints(db: ReadableDb, runId: string): CurvePointRow[] {
  return db
    .all<{ step: number; terms: string }>(
      'SELECT step, terms FROM training_points WHERE run_id = ? ORDER BY step',
      runId,
    )
    .map(({ step, terms }) => ({ step, terms: JSON.parse(terms) }));
}

const PREVIEW = `SELECT id, run_id AS runId, step, kind, place, type, token, blob, width, height FROM training_previews`;

export function insertPreview(db: WritableDb, row: PreviewRow): void {
  db.run(
    `INSERT INTO training_previews (id, run_id, step, kind, place, type, token, blob, width, height)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.runId,
    row.step,
    row.kind,
    row.place,
    row.type,
    row.token,
    row.blob,
    row.width,
    row.height,
  );
}

export function getPreview(db: ReadableDb, id: string): PreviewRow | undefined {
  return db.get<PreviewRow>(`${PREVIEW} WHERE id = ?`, id);
}

/** By step, kind and place. */
export function listPreviews(db: ReadableDb, runId: string): PreviewRow[] {
  return db.all<PreviewRow>(`${PREVIEW} WHERE run_id = ? ORDER BY step, kind, place`, runId);
}

export function hasPreviews(db: ReadableDb, runId: string, step: number): boolean {
  const row = db.get<{ found: number }>(
    'SELECT EXISTS (SELECT 1 FROM training_previews WHERE run_id = ? AND step = ?) AS found',
    runId,
    step,
  );
  return row!.found === 1;
}

/** Remembers that a run shall end at its next step and keep what it has. */
export function askEnd(db: WritableDb, runId: string, at: number): void {
  db.run('INSERT OR IGNORE INTO training_ends (run_id, asked_at) VALUES (?, ?)', runId, at);
}

export function isEndAsked(db: ReadableDb, runId: string): boolean {
  const row = db.get<{ asked: number }>(
    'SELECT EXISTS (SELECT 1 FROM training_ends WHERE run_id = ?) AS asked',
    runId,
  );
  return row!.asked === 1;
}
