// Schema 30: generated pictures with their full recipe, the decisions taken on them, and exports.

import type { Migration } from '../migration.ts';

export const generations: Migration = {
  version: 30,
  name: 'generations',
  up(db) {
    db.exec(`
      CREATE TABLE generations (
        id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs(id),
        -- Place in the run: unique, so that a resumed run makes no picture twice and leaves no gap unseen.
        idx INTEGER NOT NULL CHECK (idx >= 0),
        product_id TEXT NOT NULL REFERENCES products(id),
        generator TEXT NOT NULL,
        type_id TEXT REFERENCES defect_types(id),
        seed INTEGER NOT NULL,
        source_image_id TEXT REFERENCES images(id),
        source_use TEXT CHECK (source_use IN ('source', 'reference')),
        window_rect TEXT CHECK (window_rect IS NULL OR json_valid(window_rect)),
        image_blob TEXT NOT NULL CHECK (length(image_blob) = 64),
        mask_blob TEXT CHECK (length(mask_blob) = 64),
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        recipe TEXT NOT NULL CHECK (json_valid(recipe)),
        recipe_hash TEXT NOT NULL CHECK (length(recipe_hash) = 64),
        checks TEXT NOT NULL CHECK (json_valid(checks)),
        flags TEXT NOT NULL CHECK (json_valid(flags)),
        created_at INTEGER NOT NULL,
        UNIQUE (run_id, idx)
      ) STRICT;
      CREATE INDEX generations_product ON generations (product_id);

      -- Every decision is kept; the last one counts, 'reset' takes the earlier ones back.
      CREATE TABLE reviews (
        seq INTEGER PRIMARY KEY,
        generation_id TEXT NOT NULL REFERENCES generations(id),
        decision TEXT NOT NULL CHECK (decision IN ('accept', 'reject', 'reset')),
        reason TEXT,
        rule TEXT,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX reviews_generation ON reviews (generation_id, seq);

      CREATE VIEW generation_status AS
        SELECT g.id AS generation_id,
          COALESCE((
            SELECT CASE r.decision WHEN 'accept' THEN 'accepted' WHEN 'reject' THEN 'rejected' ELSE 'undecided' END
            FROM reviews r WHERE r.generation_id = g.id ORDER BY r.seq DESC LIMIT 1
          ), 'undecided') AS status
        FROM generations g;

      CREATE TABLE exports (
        id TEXT PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        format TEXT NOT NULL,
        folder TEXT NOT NULL,
        summary TEXT NOT NULL CHECK (json_valid(summary)),
        created_at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
