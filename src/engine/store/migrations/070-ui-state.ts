// Schema 70: what the window remembers.

import type { Migration } from '../migration.ts';

export const uiState: Migration = {
  version: 70,
  name: 'ui-state',
  up(db) {
    db.exec(`
      CREATE TABLE ui_state (key TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) STRICT;
    `);
  },
};
