// Schema 140: whether a generated picture's mask is exact or only a box, and what inspections found.

import type { Migration } from '../migration.ts';

export const weakLabels: Migration = {
  version: 140,
  name: 'weak-labels',
  up(db) {
    db.exec(`
      -- 'box': the defect is somewhere inside the mask, which holds good pixels too.
      ALTER TABLE generations ADD COLUMN label TEXT NOT NULL DEFAULT 'mask' CHECK (label IN ('mask', 'box'));

      -- One row per picture's content, model and way of looking: asking again costs nothing.
      CREATE TABLE inspections (
        id TEXT PRIMARY KEY,
        token_set_id TEXT NOT NULL REFERENCES token_sets(id),
        -- SHA-256 of mode, settings and device: what the numbers depend on beside model and picture.
        way TEXT NOT NULL CHECK (length(way) = 64),
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        windows INTEGER NOT NULL,
        score REAL NOT NULL,
        map_blob TEXT NOT NULL CHECK (length(map_blob) = 64),
        -- Drawn for the threshold of the latest inspection.
        heat_blob TEXT CHECK (length(heat_blob) = 64),
        created_at INTEGER NOT NULL,
        UNIQUE (token_set_id, way, sha256)
      ) STRICT;
    `);
  },
};
