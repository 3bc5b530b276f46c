// Schema 110: splits and parts that the user sets, with their history; small looks of pictures and near-duplicates.

import type { Migration } from '../migration.ts';

export const splits: Migration = {
  version: 110,
  name: 'splits',
  up(db) {
    db.exec(`
      -- What the imported folder said; split and part_group are what counts now.
      ALTER TABLE images ADD COLUMN imported_split TEXT;
      ALTER TABLE images ADD COLUMN imported_group TEXT;
      UPDATE images SET imported_split = split, imported_group = part_group;
      CREATE INDEX images_part ON images (product_id, part_group, split)
        WHERE superseded_by IS NULL AND part_group IS NOT NULL;

      -- One action of the user on splits or parts; it can be taken back after a restart too.
      CREATE TABLE split_steps (
        seq INTEGER PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        kind TEXT NOT NULL CHECK (kind IN ('set', 'rule', 'parts', 'mend')),
        pictures INTEGER NOT NULL,
        -- Rises with every undo and redo; the changes of the last turn are those that the next one inverts.
        turn INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped')),
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX split_steps_product ON split_steps (product_id, state, seq);

      -- What each picture was before a change, so that a dataset of the past stays as it was.
      CREATE TABLE split_changes (
        id INTEGER PRIMARY KEY,
        step INTEGER NOT NULL REFERENCES split_steps(seq),
        turn INTEGER NOT NULL,
        image_id TEXT NOT NULL REFERENCES images(id),
        before_split TEXT,
        before_group TEXT,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX split_changes_image ON split_changes (image_id, created_at);
      CREATE INDEX split_changes_step ON split_changes (step, turn);

      -- A picture as 32 x 32 grey values, by content; null: it cannot be decoded.
      CREATE TABLE picture_looks (blob TEXT PRIMARY KEY, look BLOB) STRICT, WITHOUT ROWID;

      -- A row per compared picture; a number for those that show nearly the same as others.
      CREATE TABLE near_duplicates (
        product_id TEXT NOT NULL REFERENCES products(id),
        blob TEXT NOT NULL,
        "group" INTEGER,
        PRIMARY KEY (product_id, blob)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX near_duplicates_group ON near_duplicates (product_id, "group") WHERE "group" IS NOT NULL;
    `);
  },
};
