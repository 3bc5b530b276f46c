// Schema 100: painted placement masks, repaired pictures, review steps that can be taken back, blind tests.

import type { Migration } from '../migration.ts';

export const reviewWork: Migration = {
  version: 100,
  name: 'review-work',
  up(db) {
    db.exec(`
      -- Where new defects may lie (zones) or are (mask), painted by hand. Runs point at them: they are never changed.
      CREATE TABLE placement_masks (
        id TEXT PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        use TEXT NOT NULL CHECK (use IN ('zones', 'mask')),
        image_id TEXT NOT NULL REFERENCES images(id),
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        width INTEGER NOT NULL CHECK (width > 0),
        height INTEGER NOT NULL CHECK (height > 0),
        area_px INTEGER NOT NULL CHECK (area_px > 0),
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX placement_masks_product ON placement_masks (product_id, use, created_at);

      -- A generated picture whose mask was corrected; the highest revision counts, revision 0 is the row in generations.
      CREATE TABLE generation_repairs (
        generation_id TEXT NOT NULL REFERENCES generations(id),
        revision INTEGER NOT NULL CHECK (revision > 0),
        image_blob TEXT NOT NULL CHECK (length(image_blob) = 64),
        mask_blob TEXT NOT NULL CHECK (length(mask_blob) = 64),
        checks TEXT NOT NULL CHECK (json_valid(checks)),
        flags TEXT NOT NULL CHECK (json_valid(flags)),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (generation_id, revision)
      ) STRICT;

      -- What one action of the reviewer changed, so that it can be taken back after a restart too.
      CREATE TABLE review_steps (
        seq INTEGER PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        what TEXT NOT NULL CHECK (json_valid(what)),
        state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped')),
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX review_steps_product ON review_steps (product_id, state, seq);

      CREATE TABLE blind_tests (
        id TEXT PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        items TEXT NOT NULL CHECK (json_valid(items)),
        answers TEXT NOT NULL CHECK (json_valid(answers)),
        person TEXT,
        created_at INTEGER NOT NULL,
        finished_at INTEGER
      ) STRICT;
    `);
  },
};
