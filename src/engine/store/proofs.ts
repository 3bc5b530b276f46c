// Proofs: runs of their kind, the cells that are done, and what they show.

import type { JsonObject, JsonValue } from '../../core/domain/json.ts';
import type { MetricValues, ProofArm } from '../../core/domain/proof.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface ProofCellRow {
  arm: ProofArm;
  seed: number;
  metrics: MetricValues;
  seconds: number;
}

/** Oldest first. */
export function listProofCells(db: ReadableDb, runId: string): ProofCellRow[] {
  const rows = db.all<Omit<ProofCellRow, 'metrics'> & { metrics: string }>(
    'SELECT arm, seed, metrics, seconds FROM proof_cells WHERE run_id = ? ORDER BY created_at, arm, seed',
    runId,
  );
  return rows.map((row) => ({ ...row, metrics: JSON.parse(row.metrics) }));
}

export function proofCellData(db: ReadableDb, runId: string, arm: ProofArm, seed: number): Uint8Array | null {
  const sql = 'SELECT data FROM proof_cells WHERE run_id = ? AND arm = ? AND seed = ?';
  return db.get<{ data: Uint8Array }>(sql, runId, arm, seed)?.data ?? null;
}

export function insertProofCell(
  db: WritableDb,
  runId: string,
  cell: ProofCellRow & { data: Uint8Array; createdAt: number },
): void {
  db.run(
    `INSERT INTO proof_cells (run_id, arm, seed, metrics, seconds, data, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    runId,
    cell.arm,
    cell.seed,
    JSON.stringify(cell.metrics),
    cell.seconds,
    cell.data,
    cell.createdAt,
  );
}

/** By seed. */
export function listProofQuality(db: ReadableDb, runId: string): { seed: number; quality: JsonValue }[] {
  const rows = db.all<{ seed: number; quality: string }>(
    'SELECT seed, quality FROM proof_quality WHERE run_id = ? ORDER BY seed',
    runId,
  );
  return rows.map(({ seed, quality }) => ({ seed, quality: JSON.parse(quality) }));
}

export function putProofQuality(db: WritableDb, runId: string, seed: number, quality: JsonValue): void {
  db.run(
    `INSERT INTO proof_quality (run_id, seed, quality) VALUES (?, ?, ?)
     ON CONFLICT (run_id, seed) DO UPDATE SET quality = excluded.quality`,
    runId,
    seed,
    JSON.stringify(quality),
  );
}

export function proofExamples(db: ReadableDb, runId: string): JsonObject | null {
  const sql = 'SELECT examples FROM proof_examples WHERE run_id = ?';
  const row = db.get<{ examples: string }>(sql, runId);
  return row === undefined ? null : JSON.parse(row.examples);
}

export function putProofExamples(db: WritableDb, runId: string, examples: JsonObject): void {
  db.run(
    `INSERT INTO proof_examples (run_id, examples) VALUES (?, ?)
     ON CONFLICT (run_id) DO UPDATE SET examples = excluded.examples`,
    runId,
    JSON.stringify(examples),
  );
}

/** The newest proof of this identity (SHA-256); what stopped for good is not one. */
export function findProof(db: ReadableDb, identity: string): string | null {
  const row = db.get<{ id: string }>(
    `SELECT id FROM runs WHERE kind = 'prove' AND identity = ? AND state <> 'cancelled'
     ORDER BY created_at DESC, id DESC LIMIT 1`,
    identity,
  );
  return row?.id ?? null;
}
