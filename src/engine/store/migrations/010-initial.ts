// Schema 10: products, their pictures, defect types and masks, and the audit log.

import type { Migration } from '../migration.ts';

export const initial: Migration = {
  version: 10,
  name: 'initial',
  up(db) {
    db.exec(`
      CREATE TABLE products (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE defect_types (
        id TEXT PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        name TEXT NOT NULL CHECK (length(name) > 0),
        UNIQUE (product_id, name)
      ) STRICT;

      -- A picture whose file changed and was imported again stays (generations point at it) and names its successor.
      CREATE TABLE images (
        id TEXT PRIMARY KEY,
        product_id TEXT NOT NULL REFERENCES products(id),
        role TEXT NOT NULL CHECK (role IN ('normal', 'defect', 'unlabelled')),
        split TEXT CHECK (split IN ('train', 'test', 'validation')),
        type_id TEXT REFERENCES defect_types(id),
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        -- The imported folder, and the path inside it: two folders may hold different pictures of one name.
        source TEXT NOT NULL,
        file TEXT NOT NULL,
        width INTEGER NOT NULL CHECK (width > 0),
        height INTEGER NOT NULL CHECK (height > 0),
        channels INTEGER NOT NULL CHECK (channels BETWEEN 1 AND 4),
        bit_depth INTEGER NOT NULL CHECK (bit_depth IN (8, 16)),
        part_group TEXT,
        superseded_by TEXT REFERENCES images(id) DEFERRABLE INITIALLY DEFERRED,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX images_active_file ON images (product_id, file, source) WHERE superseded_by IS NULL;
      CREATE INDEX images_blob ON images (blob);

      -- The label with the highest revision is the one that counts.
      CREATE TABLE annotations (
        id TEXT PRIMARY KEY,
        image_id TEXT NOT NULL REFERENCES images(id),
        type_id TEXT NOT NULL REFERENCES defect_types(id),
        revision INTEGER NOT NULL CHECK (revision > 0),
        origin TEXT NOT NULL CHECK (origin IN ('import', 'user', 'model')),
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        area_px INTEGER,
        created_at INTEGER NOT NULL,
        UNIQUE (image_id, type_id, revision)
      ) STRICT;

      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        time INTEGER NOT NULL,
        event TEXT NOT NULL CHECK (json_valid(event)),
        prev_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
      CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
      -- REPLACE deletes without the trigger above, so a taken or skipped number is refused as well.
      CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
        WHEN NEW.seq IS NOT (SELECT COALESCE(max(seq), 0) + 1 FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    `);
  },
};
