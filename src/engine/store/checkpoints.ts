// Where a run can continue: one blob per kept step.

import type { ReadableDb, WritableDb } from './database.ts';

export interface CheckpointRow {
  runId: string;
  step: number;
  blob: string;
  createdAt: number;
}

const SELECT = 'SELECT run_id AS runId, step, blob, created_at AS createdAt FROM checkpoints';

/** Latest first. */
export function listCheckpoints(db: ReadableDb, runId: string): CheckpointRow[] {
  return db.all<CheckpointRow>(`${SELECT} WHERE run_id = ? ORDER BY step DESC`, runId);
}

/** Stores a checkpoint; one of the same step is replaced. */
export function putCheckpoint(db: WritableDb, checkpoint: CheckpointRow): void {
  db.run(
    `INSERT INTO checkpoints (run_id, step, blob, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, step) DO UPDATE SET blob = excluded.blob, created_at = excluded.created_at`,
    checkpoint.runId,
    checkpoint.step,
    checkpoint.blob,
    checkpoint.createdAt,
  );
}

/** Forgets all but the latest `keep` checkpoints of a run. */
export function dropOldCheckpoints(db: WritableDb, runId: string, keep: number): void {
  db.run(
    `DELETE FROM checkpoints WHERE run_id = @runId AND step NOT IN
      (SELECT step FROM checkpoints WHERE run_id = @runId ORDER BY step DESC LIMIT @keep)`,
    { runId, keep },
  );
}
