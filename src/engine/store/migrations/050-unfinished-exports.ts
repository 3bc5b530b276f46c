// Schema 50: exports that are being written, so that the next opening can clear up after one that was cut off.

import type { Migration } from '../migration.ts';

export const unfinishedExports: Migration = {
  version: 50,
  name: 'unfinished-exports',
  up(db) {
    db.exec(`
      CREATE TABLE unfinished_exports (
        id TEXT PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        format TEXT NOT NULL,
        folder TEXT NOT NULL,
        -- Partial folders beside it that were there before: not ours to remove.
        others TEXT NOT NULL CHECK (json_valid(others)),
        -- How many pictures go into it.
        counts TEXT NOT NULL CHECK (json_valid(counts)),
        created_at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
