// Labels as they are painted: one document per picture (or foreground), its steps, and the zones they give.

import type { LabelBase } from '../../core/labels/document.ts';
import type { LabelStep, LayerId, StoredStep } from '../../core/labels/step.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export type LabelSubject = 'picture' | 'foreground';

/** A base whose masks also name the blob they came from. */
export interface StoredBase extends LabelBase {
  readonly blobs: Readonly<Record<LayerId, string>>;
}

/** What a document is about, whatever rows the picture has. */
export interface LabelKey {
  subject: LabelSubject;
  productId: string;
  /** Empty for a foreground. */
  source: string;
  /** For a foreground the size, `1920x1080`. */
  file: string;
  /** Content of the picture; empty for a foreground. */
  blob: string;
}

export interface LabelDocumentRow extends LabelKey {
  id: string;
  base: StoredBase;
  /** The rows it has written, or found. */
  written: string;
  head: number;
  version: number;
  settled: number;
}

type Stored = Omit<LabelDocumentRow, 'base'> & { base: string };

const SELECT = `SELECT id, subject, product_id AS productId, source, file, blob, base, written, head, version, settled
  FROM label_documents`;
const KEY =
  'subject = @subject AND product_id = @productId AND source = @source AND file = @file AND blob = @blob';

export function findLabelDocument(db: ReadableDb, key: LabelKey): LabelDocumentRow | undefined {
  const { subject, productId, source, file, blob } = key;
  return parsed(db.get<Stored>(`${SELECT} WHERE ${KEY}`, { subject, productId, source, file, blob }));
}

export function getLabelDocument(db: ReadableDb, id: string): LabelDocumentRow | undefined {
  return parsed(db.get<Stored>(`${SELECT} WHERE id = ?`, id));
}

/** Documents whose masks are not written yet. */
export function waitingDocuments(db: ReadableDb): string[] {
  return db
    .all<{ id: string }>('SELECT id FROM label_documents WHERE version <> settled ORDER BY id')
    .map(({ id }) => id);
}

/** Makes the document, or begins it anew from another base; its steps are gone then. */
export function startDocument(
  db: WritableDb,
  key: LabelKey,
  start: { id: string; base: StoredBase; written: string },
): void {
  const known = findLabelDocument(db, key);
  if (known !== undefined) {
    db.run('DELETE FROM label_steps WHERE document_id = ?', known.id);
    db.run(
      'UPDATE label_documents SET base = ?, written = ?, head = 0, version = version + 1, settled = version + 1 WHERE id = ?',
      JSON.stringify(start.base),
      start.written,
      known.id,
    );
    return;
  }
  db.run(
    `INSERT INTO label_documents (id, subject, product_id, source, file, blob, base, written, head, version, settled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)`,
    start.id,
    key.subject,
    key.productId,
    key.source,
    key.file,
    key.blob,
    JSON.stringify(start.base),
    start.written,
  );
}

export function listSteps(db: ReadableDb, documentId: string): StoredStep[] {
  return db
    .all<{ id: string; step: string }>(
      'SELECT id, step FROM label_steps WHERE document_id = ? ORDER BY position',
      documentId,
    )
    .map(({ id, step }) => ({ id, step: JSON.parse(step) as LabelStep }));
}

export function countSteps(db: ReadableDb, documentId: string): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM label_steps WHERE document_id = ?', documentId)!.n;
}

export function stepIdAt(db: ReadableDb, documentId: string, position: number): string | undefined {
  const sql = 'SELECT id FROM label_steps WHERE document_id = ? AND position = ?';
  return db.get<{ id: string }>(sql, documentId, position)?.id;
}

/** Puts a step at a position and drops what was there and after. */
export function putStep(
  db: WritableDb,
  documentId: string,
  position: number,
  { id, step }: StoredStep,
  createdAt: number,
): void {
  db.run('DELETE FROM label_steps WHERE document_id = ? AND position >= ?', documentId, position);
  db.run(
    'INSERT INTO label_steps (document_id, position, id, step, created_at) VALUES (?, ?, ?, ?, ?)',
    documentId,
    position,
    id,
    JSON.stringify(step),
    createdAt,
  );
  moveHead(db, documentId, position + 1);
}

export function moveHead(db: WritableDb, documentId: string, head: number): void {
  db.run('UPDATE label_documents SET head = ?, version = version + 1 WHERE id = ?', head, documentId);
}

/** The masks of this version are written; a later version stays waiting. */
export function markSettled(db: WritableDb, documentId: string, version: number, written: string): void {
  db.run('UPDATE label_documents SET settled = ?, written = ? WHERE id = ?', version, written, documentId);
}

/** The zone that counts now; null where there is none. */
export function currentZone(db: ReadableDb, documentId: string): string | null {
  const sql = 'SELECT blob FROM zones WHERE document_id = ? ORDER BY revision DESC LIMIT 1';
  return db.get<{ blob: string | null }>(sql, documentId)?.blob ?? null;
}

export function addZone(db: WritableDb, documentId: string, blob: string | null, createdAt: number): void {
  db.run(
    `INSERT INTO zones (document_id, revision, blob, created_at)
     SELECT @documentId, COALESCE(max(revision), 0) + 1, @blob, @createdAt FROM zones WHERE document_id = @documentId`,
    { documentId, blob, createdAt },
  );
}

function parsed(row: Stored | undefined): LabelDocumentRow | undefined {
  return row === undefined ? undefined : { ...row, base: JSON.parse(row.base) as StoredBase };
}
