// Schema 120: what a training shows while it runs, how long its parts took, and the wish to end it early.

import type { Migration } from '../migration.ts';

export const trainingWatch: Migration = {
  version: 120,
  name: 'training-watch',
  up(db) {
    db.exec(`
      -- The loss curve; a resumed run writes the same points again.
      CREATE TABLE training_points (
        run_id TEXT NOT NULL REFERENCES runs(id),
        step INTEGER NOT NULL CHECK (step >= 0),
        terms TEXT NOT NULL CHECK (json_valid(terms)),
        PRIMARY KEY (run_id, step)
      ) STRICT;

      -- Pictures made at a few moments with fixed seeds. place: which of its kind.
      CREATE TABLE training_previews (
        id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs(id),
        step INTEGER NOT NULL CHECK (step >= 0),
        kind TEXT NOT NULL CHECK (kind IN ('sample', 'real', 'attention')),
        place INTEGER NOT NULL CHECK (place >= 0),
        type TEXT NOT NULL,
        token TEXT,
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        width INTEGER NOT NULL CHECK (width > 0),
        height INTEGER NOT NULL CHECK (height > 0),
        UNIQUE (run_id, step, kind, place)
      ) STRICT;

      -- One row per sitting of a run, or per short measurement (run_id NULL).
      CREATE TABLE training_times (
        id TEXT PRIMARY KEY,
        run_id TEXT REFERENCES runs(id),
        pack_hash TEXT NOT NULL,
        device TEXT NOT NULL,
        shape TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        seconds REAL NOT NULL,
        peak_bytes REAL NOT NULL,
        phases TEXT NOT NULL CHECK (json_valid(phases))
      ) STRICT;
      CREATE INDEX training_times_run ON training_times (run_id);
      CREATE INDEX training_times_device ON training_times (pack_hash, device, started_at);

      -- Runs that shall end at their next step and keep what they have.
      CREATE TABLE training_ends (
        run_id TEXT PRIMARY KEY REFERENCES runs(id),
        asked_at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
