// Schema 40: how many entries the audit log has and the hash of the last, so that a log cut off at its end is noticed.

import type { Migration } from '../migration.ts';

export const auditHead: Migration = {
  version: 40,
  name: 'audit-head',
  up(db) {
    db.exec(`
      CREATE TABLE audit_head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        entries INTEGER NOT NULL CHECK (entries >= 0),
        hash TEXT NOT NULL
      ) STRICT;
      INSERT INTO audit_head (id, entries, hash)
        SELECT 1, count(*), COALESCE((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), '${'0'.repeat(64)}') FROM audit;

      CREATE TRIGGER audit_head_follows AFTER INSERT ON audit
        BEGIN UPDATE audit_head SET entries = NEW.seq, hash = NEW.hash WHERE id = 1; END;
      CREATE TRIGGER audit_head_in_order BEFORE UPDATE ON audit_head
        WHEN NEW.entries IS NOT OLD.entries + 1
          OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.entries AND hash = NEW.hash)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
      CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
      CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    `);
  },
};
