// Schema 20: base packs, runs with their checkpoints, and the token sets that fine-tuning made.

import type { Migration } from '../migration.ts';

export const runs: Migration = {
  version: 20,
  name: 'runs',
  up(db) {
    db.exec(`
      CREATE TABLE packs (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('embedded', 'workspace', 'folder')),
        path TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('train', 'generate')),
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
        -- The rest of the state (times, progress, outcome, error) as core/domain/run.ts defines it.
        state_json TEXT NOT NULL CHECK (json_valid(state_json)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX runs_state ON runs (state);

      CREATE TABLE checkpoints (
        run_id TEXT NOT NULL REFERENCES runs(id),
        step INTEGER NOT NULL CHECK (step >= 0),
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (run_id, step)
      ) STRICT;

      CREATE TABLE token_sets (
        id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL UNIQUE REFERENCES runs(id),
        product_id TEXT NOT NULL REFERENCES products(id),
        pack_id TEXT REFERENCES packs(id),
        types TEXT NOT NULL CHECK (json_valid(types)),
        -- Ids of the pictures it was trained on: the only ones its generators may look at.
        shots TEXT NOT NULL CHECK (json_valid(shots)),
        config TEXT NOT NULL CHECK (json_valid(config)),
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE token_set_files (
        token_set_id TEXT NOT NULL REFERENCES token_sets(id),
        name TEXT NOT NULL,
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        PRIMARY KEY (token_set_id, name)
      ) STRICT;
    `);
  },
};
