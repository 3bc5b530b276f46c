// Schema 90: labels as they are painted: steps with undo, ignore zones, the product's foreground, colours of types.

import type { Migration } from '../migration.ts';

export const labels: Migration = {
  version: 90,
  name: 'labels',
  up(db) {
    db.exec(`
      CREATE TABLE type_colours (
        type_id TEXT PRIMARY KEY REFERENCES defect_types(id),
        colour TEXT NOT NULL
      ) STRICT;

      -- The work list is read in this order, from the index alone.
      CREATE INDEX images_queue ON images (product_id, file, blob, source, role, type_id, id, width, height)
        WHERE superseded_by IS NULL;

      -- A picture by its file and content: its rows in images change with its label, this one stays. For the foreground,
      -- source is empty and file is the size.
      CREATE TABLE label_documents (
        id TEXT PRIMARY KEY,
        subject TEXT NOT NULL CHECK (subject IN ('picture', 'foreground')),
        product_id TEXT NOT NULL REFERENCES products(id),
        source TEXT NOT NULL,
        file TEXT NOT NULL,
        blob TEXT NOT NULL,
        base TEXT NOT NULL CHECK (json_valid(base)),
        -- The rows this document has written, or found; other rows mean that somebody else changed the label.
        written TEXT NOT NULL,
        head INTEGER NOT NULL CHECK (head >= 0),
        -- Counts changes; equal to settled when the masks are up to date.
        version INTEGER NOT NULL,
        settled INTEGER NOT NULL,
        UNIQUE (subject, product_id, source, file, blob)
      ) STRICT;
      CREATE INDEX label_documents_waiting ON label_documents (id) WHERE version <> settled;

      CREATE TABLE label_steps (
        document_id TEXT NOT NULL REFERENCES label_documents(id),
        position INTEGER NOT NULL CHECK (position >= 0),
        id TEXT NOT NULL,
        step TEXT NOT NULL CHECK (json_valid(step)),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (document_id, position)
      ) STRICT;

      -- Masks beside the defects': the highest revision counts; null: none any more.
      CREATE TABLE zones (
        document_id TEXT NOT NULL REFERENCES label_documents(id),
        revision INTEGER NOT NULL CHECK (revision > 0),
        blob TEXT CHECK (length(blob) = 64),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (document_id, revision)
      ) STRICT;
      CREATE INDEX zones_blob ON zones (blob);
    `);
  },
};
