// Runs: what was asked, its identity, and the state that core/domain/run.ts defines.

import type { JsonObject } from '../../core/domain/json.ts';
import type { RunKind, RunState } from '../../core/domain/run.ts';
import type { RunIdentity } from '../../core/domain/run-identity.ts';
import type { ReadableDb, WritableDb } from './database.ts';

export interface RunRow {
  id: string;
  kind: RunKind;
  productId: string;
  packId: string | null;
  method: string;
  params: JsonObject;
  seed: number;
  identity: string;
  identityParts: RunIdentity;
  datasetRevision: string;
  device: string;
  state: RunState;
  createdAt: number;
  updatedAt: number;
}

type Stored = Omit<RunRow, 'params' | 'identityParts' | 'state'> & {
  params: string;
  identityParts: string;
  stateJson: string;
};

const SELECT = `SELECT id, kind, product_id AS productId, pack_id AS packId, method, params, seed, identity,
  identity_parts AS identityParts, dataset_revision AS datasetRevision, device, state_json AS stateJson,
  created_at AS createdAt, updated_at AS updatedAt FROM runs`;

export function getRun(db: ReadableDb, id: string): RunRow | undefined {
  const row = db.get<Stored>(`${SELECT} WHERE id = ?`, id);
  return row === undefined ? undefined : fromStored(row);
}

/** Oldest first. */
export function listRuns(db: ReadableDb): RunRow[] {
  return db.all<Stored>(`${SELECT} ORDER BY created_at, id`).map(fromStored);
}

export function listRunsInState(db: ReadableDb, state: RunState['state']): RunRow[] {
  return db.all<Stored>(`${SELECT} WHERE state = ? ORDER BY created_at, id`, state).map(fromStored);
}

export function insertRun(db: WritableDb, run: RunRow): void {
  db.run(
    `INSERT INTO runs (id, kind, product_id, pack_id, method, params, seed, identity, identity_parts, dataset_revision,
      device, state, state_json, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run.id,
    run.kind,
    run.productId,
    run.packId,
    run.method,
    JSON.stringify(run.params),
    run.seed,
    run.identity,
    JSON.stringify(run.identityParts),
    run.datasetRevision,
    run.device,
    run.state.state,
    JSON.stringify(run.state),
    run.createdAt,
    run.updatedAt,
  );
}

/** Stores the state a transition of core/domain/run.ts gave. */
export function updateRunState(db: WritableDb, id: string, state: RunState, at: number): void {
  db.run(
    'UPDATE runs SET state = ?, state_json = ?, updated_at = ? WHERE id = ?',
    state.state,
    JSON.stringify(state),
    at,
    id,
  );
}

function fromStored({ stateJson, ...row }: Stored): RunRow {
  return {
    ...row,
    params: JSON.parse(row.params),
    identityParts: JSON.parse(row.identityParts),
    state: JSON.parse(stateJson),
  };
}
