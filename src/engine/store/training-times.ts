// How long the parts of earlier trainings took on this and other devices, and the memory they had at most.

import type { PhaseTime } from '../../core/domain/training-forecast.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface TrainingTimeRow {
  id: string;
  /** Null: a short measurement before any run. */
  runId: string | null;
  packHash: string;
  /** Kind, name and threads of what computed. */
  device: string;
  /** What else the time of a step depends on. */
  shape: string;
  startedAt: number;
  seconds: number;
  peakBytes: number;
  phases: PhaseTime[];
}

type Stored = Omit<TrainingTimeRow, 'phases'> & { phases: string };

const SELECT = `SELECT id, run_id AS runId, pack_hash AS packHash, device, shape, started_at AS startedAt, seconds,
  peak_bytes AS peakBytes, phases FROM training_times`;

const fromStored = (row: Stored): TrainingTimeRow => ({ ...row, phases: JSON.parse(row.phases) });

/** A sitting is written again while it goes on. */
export function putTrainingTime(db: WritableDb, row: TrainingTimeRow): void {
  db.run(
    `INSERT OR REPLACE INTO training_times (id, run_id, pack_hash, device, shape, started_at, seconds, peak_bytes, phases)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.runId,
    row.packHash,
    row.device,
    row.shape,
    row.startedAt,
    row.seconds,
    row.peakBytes,
    JSON.stringify(row.phases),
  );
}

/** Newest first. */
export function timesOnDevice(
  db: ReadableDb,
  packHash: string,
  device: string,
  limit: number,
): TrainingTimeRow[] {
  return db
    .all<Stored>(
      `${SELECT} WHERE pack_hash = ? AND device = ? ORDER BY started_at DESC, id DESC LIMIT ?`,
      packHash,
      device,
      limit,
    )
    .map(fromStored);
}

/** The sittings of a run, oldest first. */
export function timesOfTraining(db: ReadableDb, runId: string): TrainingTimeRow[] {
  return db.all<Stored>(`${SELECT} WHERE run_id = ? ORDER BY started_at, id`, runId).map(fromStored);
}
