// Schema 60: a picture with defects of several types has a row for each, all with the same file.

import type { Migration } from '../migration.ts';

export const imageTypes: Migration = {
  version: 60,
  name: 'image-types',
  up(db) {
    db.exec(`
      DROP INDEX images_active_file;
      CREATE UNIQUE INDEX images_active_file ON images (product_id, file, source, COALESCE(type_id, ''))
        WHERE superseded_by IS NULL;
    `);
  },
};
