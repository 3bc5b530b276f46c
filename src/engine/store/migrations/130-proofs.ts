// Schema 130: proofs are runs too; their trained and tested detectors, and what a finished proof shows.

import type { Migration } from '../migration.ts';

export const proofs: Migration = {
  version: 130,
  name: 'proofs',
  up(db) {
    db.exec(`
      CREATE TABLE runs_new (
        id TEXT PRIMARY KEY,
        -- core/domain/run.ts knows the kinds.
        kind TEXT NOT NULL,
        product_id TEXT NOT NULL REFERENCES products(id),
        pack_id TEXT REFERENCES packs(id),
        method TEXT NOT NULL,
        params TEXT NOT NULL CHECK (json_valid(params)),
        seed INTEGER NOT NULL,
        identity TEXT NOT NULL CHECK (length(identity) = 64),
        identity_parts TEXT NOT NULL CHECK (json_valid(identity_parts)),
        dataset_revision TEXT NOT NULL,
        device TEXT NOT NULL,
        state TEXT NOT NULL
          CHECK (state IN ('queued', 'running', 'paused', 'interrupted', 'done', 'failed', 'cancelled')),
        state_json TEXT NOT NULL CHECK (json_valid(state_json)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO runs_new (id, kind, product_id, pack_id, method, params, seed, identity, identity_parts,
          dataset_revision, device, state, state_json, created_at, updated_at)
        SELECT id, kind, product_id, pack_id, method, params, seed, identity, identity_parts,
          dataset_revision, device, state, state_json, created_at, updated_at FROM runs;
      DROP TABLE runs;
      ALTER TABLE runs_new RENAME TO runs;
      CREATE INDEX runs_state ON runs (state);

      -- A detector of a proof, trained on one arm with one seed and tested on every test picture.
      CREATE TABLE proof_cells (
        run_id TEXT NOT NULL REFERENCES runs(id),
        arm TEXT NOT NULL,
        seed INTEGER NOT NULL,
        metrics TEXT NOT NULL CHECK (json_valid(metrics)),
        seconds REAL NOT NULL,
        -- Counts and small maps of the test pictures; engine/prove/cell-bytes.ts reads them.
        data BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (run_id, arm, seed)
      ) STRICT;

      -- Numbers of a proof about the generated pictures of one seed.
      CREATE TABLE proof_quality (
        run_id TEXT NOT NULL REFERENCES runs(id),
        seed INTEGER NOT NULL,
        quality TEXT NOT NULL CHECK (json_valid(quality)),
        PRIMARY KEY (run_id, seed)
      ) STRICT;

      -- The pictures where a finished proof helped and hurt.
      CREATE TABLE proof_examples (
        run_id TEXT PRIMARY KEY REFERENCES runs(id),
        examples TEXT NOT NULL CHECK (json_valid(examples))
      ) STRICT;
    `);
  },
};
